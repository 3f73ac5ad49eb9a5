"""With workflow_completion_timeout_sec, destroy lets running workflows end; without, they stay to be recovered."""

import threading

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("sync",)  # waits on a thread of its own


def check(app: App) -> None:
    gate, working = app.gate(), app.gate()

    @DBOS.step()
    def work() -> str:
        working.open()
        gate.wait()
        return "done"

    @DBOS.workflow()
    def slow() -> str:
        return work()

    handle = DBOS.start_workflow(slow)
    working.wait()
    destroyer = threading.Thread(target=lambda: DBOS.destroy(workflow_completion_timeout_sec=20))
    destroyer.start()
    gate.open()
    destroyer.join(20)
    assert not destroyer.is_alive()
    assert app.row(handle.workflow_id)["status"] == "SUCCESS"
