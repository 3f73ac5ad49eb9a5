"""A workflow whose direct call is interrupted, by Ctrl-C say, is finished in the background."""

import pytest

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App

FORMS = ("sync",)  # only what blocks the caller's thread is interrupted in it


def check(app: App) -> None:
    interrupted: list[str] = []
    recorded: list[str] = []

    @DBOS.step()
    def first() -> None:
        recorded.append("first")

    @DBOS.step()
    def work() -> str:
        if not interrupted:
            interrupted.append("work")
            raise KeyboardInterrupt
        return "done"

    @DBOS.workflow()
    def flow() -> str:
        first()
        return work()

    with SetWorkflowID("w"), pytest.raises(KeyboardInterrupt):
        flow()
    assert DBOS.retrieve_workflow("w").get_result(PATIENCE_SECONDS) == "done"
    assert app.row("w")["status"] == "SUCCESS"
    assert recorded == ["first"]
