"""A workflow that destroy gave up stops at its next call, whatever it catches, and the next launch continues it.

Older behaviour: `except Exception` took the destroyed runtime for a failed step, and the workflow ended with nonsense.
"""

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App

FORMS = ("sync",)  # a coroutine is cancelled while it waits


def check(app: App) -> None:
    gates = {name: app.gate() for name in ("before launch", "after launch")}
    begun: list[str] = []
    caught: list[str] = []
    stopped: list[tuple[str, str]] = []
    worked: list[str] = []

    @DBOS.step()
    def work(name: str) -> str:
        worked.append(name)
        return "done"

    @DBOS.workflow()
    def flow(name: str) -> str:
        begun.append(name)
        if begun.count(name) == 1:
            gates[name].wait()
        try:
            return work(name)
        except Exception as error:
            caught.append(type(error).__name__)
            return "swallowed"
        except BaseException as stop:
            stopped.append((name, type(stop).__name__))
            raise

    handles = {}
    for name in gates:
        with SetWorkflowID(name):
            handles[name] = DBOS.start_workflow(flow, name)
    app.until(lambda: sorted(begun) == sorted(gates))
    DBOS.destroy()
    gates["before launch"].open()
    app.until(lambda: stopped == [("before launch", "DBOSExecutorStoppedError")])
    assert {row["status"] for row in app.rows("workflows")} == {"PENDING"}

    app.launch()
    for name in gates:
        assert DBOS.retrieve_workflow(name).get_result(PATIENCE_SECONDS) == "done"
    # The old thread finds another runtime, which is not its own.
    gates["after launch"].open()
    app.until(lambda: len(stopped) == 2)
    assert stopped[1] == ("after launch", "DBOSExecutorStoppedError")
    assert caught == []
    assert sorted(worked) == sorted(gates)
    for name in gates:
        assert (app.row(name)["status"], app.row(name)["output"]) == ("SUCCESS", '"done"')
    assert not any(line.startswith(("WARNING", "ERROR")) for line in app.log)
