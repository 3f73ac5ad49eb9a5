"""Whatever passes as argument, result, event, message, stream value or error comes back the same, live and replayed."""

from typing import Any

from hypothesis import example, given

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App
from tests.behaviour.wild import THOROUGHLY, is_same, payloads

FORMS = ("sync",)  # hypothesis calls blocking functions


class Refused(Exception):
    pass


def check(app: App) -> None:
    @DBOS.step()
    def through_step(value: Any) -> Any:
        return value

    @DBOS.transaction()
    def through_transaction(value: Any) -> Any:
        return value

    @DBOS.step()
    def through_error(value: Any) -> None:
        raise Refused(value)

    @DBOS.workflow()
    def child(value: Any) -> Any:
        return value

    @DBOS.workflow()
    def every_door(value: Any) -> Any:
        mine = DBOS.workflow_id
        found = [value, through_step(value), through_transaction(value), child(value)]
        try:
            through_error(value)
        except Refused as refused:
            found.append(refused.args[0])
        DBOS.set_event("key", value)
        found.append(DBOS.get_event(mine, "key", timeout_seconds=0))
        DBOS.send(mine, value)
        found.append(DBOS.recv(timeout_seconds=0))
        DBOS.write_stream("stream", value)
        return found

    @THOROUGHLY
    @given(value=payloads)
    @example(value=["y" * 1_000_000, float("nan"), {"\x00": "\ud800"}, 2**70])
    @example(value={1: "a", "1": "b", (1, 2): None})
    @example(value={"$type": "tuple", "items": [1]})
    def whatever(value: Any) -> None:
        try:
            with SetWorkflowID("w"):
                live = every_door(value)
        except error.DBOSSerializationError as refused:
            assert refused.path is not None
            assert [row["status"] for row in app.rows("workflows")] in ([], ["ERROR"])
        else:
            assert len(live) == 7
            assert all(is_same(found, value) for found in live), live
            streamed = list(DBOS.read_stream("w", "stream"))
            assert len(streamed) == 1
            assert is_same(streamed[0], value)
            replayed = app.rerun("w", keep=11)
            assert all(is_same(found, value) for found in replayed), replayed
        app.sql("DELETE FROM {dbos}workflows")

    whatever()
