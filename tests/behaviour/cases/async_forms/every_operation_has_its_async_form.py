"""Every operation that reads or writes the database has an `_async` form with the same parameters."""

import inspect

from dbos_typed import DBOS
from tests.behaviour.app import App

LAUNCH = False
FORMS = ("sync",)  # nothing runs
DATABASES = ("sqlite",)


def check(app: App) -> None:
    del app
    twins = [name.removesuffix("_async") for name in dir(DBOS) if name.endswith("_async")]
    assert {"send", "recv", "set_event", "get_event", "sleep", "start_workflow", "retrieve_workflow"} <= set(twins)
    assert {"list_workflows", "get_workflow_status", "cancel_workflow", "resume_workflow"} <= set(twins)
    for name in twins:
        ours = inspect.signature(getattr(DBOS, name))
        twin = inspect.signature(getattr(DBOS, name + "_async"))
        assert [parameter.name for parameter in ours.parameters.values()] == [
            parameter.name for parameter in twin.parameters.values()
        ]
        assert [parameter.default for parameter in ours.parameters.values()] == [
            parameter.default for parameter in twin.parameters.values()
        ]
