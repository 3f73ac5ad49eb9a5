"""StopIteration is an error like any other for synchronous callers: live, on replay and from a handle."""

from dbos_typed import DBOS
from tests.behaviour.app import App


async def check(app: App) -> None:
    asked: list[BaseException] = []

    @DBOS.step()
    def exhausted() -> int:
        return next(iter(()))

    @DBOS.step(retries_allowed=True, max_attempts=3, should_retry=lambda error: bool(asked.append(error)))
    def tried() -> int:
        raise StopIteration(1)

    @DBOS.transaction()
    def stored() -> int:
        raise StopIteration(2)

    @DBOS.transaction()
    def outer() -> int:
        try:
            return stored()
        except StopIteration as stop:
            return 10 + int(stop.value)

    @DBOS.workflow()
    def child() -> int:
        raise StopIteration(3) from KeyError("why")

    @DBOS.workflow()
    def flow() -> list[str]:
        found: list[str] = []
        for call in (exhausted, tried, stored, outer, child, lambda: DBOS.start_workflow(child).get_result()):
            try:
                found.append(repr(call()))
            except StopIteration as stop:
                found.append(f"stop {stop.value} {stop.__cause__!r}")
        return found

    expected = [
        "stop None None",
        "stop 1 None",
        "stop 2 None",
        "12",
        "stop 3 KeyError('why')",
        "stop 3 KeyError('why')",
    ]
    handle = DBOS.start_workflow(flow)
    assert handle.get_result() == expected
    assert [type(error) for error in asked] == [StopIteration]
    recorded = len(app.recorded(handle.workflow_id))
    for keep in range(recorded + 1):
        assert app.rerun(handle.workflow_id, keep=keep) == expected

    for call in (exhausted, tried, stored, child):
        try:
            call()
        except StopIteration:
            continue
        raise AssertionError(call)
