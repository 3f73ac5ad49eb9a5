"""The computed application version changes with the calls of a workflow, not with comments or what a step does.

Older behaviour: any change of the source text stranded running workflows.
"""

from dbos_typed import DBOS
from tests.behaviour.app import App

LAUNCH = False
FORMS = ("sync",)  # nothing runs


def check(app: App) -> None:
    versions: list[str] = []

    def launched() -> None:
        app.launch(application_version=None)
        versions.append(DBOS.application_version)
        app.reset()

    def step_one_way() -> None:
        @DBOS.step()
        def work() -> int:
            return 1

    def step_another_way() -> None:
        @DBOS.step()
        def work() -> int:
            """Does more."""
            return 1 + 1

    def define(limit: int) -> None:
        if limit == 0:

            @DBOS.workflow(name="flow")
            def flow() -> int:
                # A comment.
                return 1

        elif limit == 1:

            @DBOS.workflow(name="flow")
            def flow() -> int:
                """A docstring."""

                return 1

        else:

            @DBOS.workflow(name="flow")
            def flow() -> int:
                DBOS.sleep(1)
                return 1

    for limit, step in ((0, step_one_way), (1, step_another_way), (2, step_one_way)):
        define(limit)
        step()
        launched()
    assert versions[0] == versions[1]
    assert versions[0] != versions[2]
