"""Whatever is given as id, topic, key or payload: a clear error and nothing written, or a faithful round trip."""

from typing import Any

from hypothesis import example, given

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App
from tests.behaviour.wild import THOROUGHLY, is_same, names, payloads

FORMS = ("sync",)  # hypothesis calls blocking functions


def check(app: App) -> None:
    @DBOS.workflow()
    def echoing(topic: str, key: str, value: Any) -> Any:
        DBOS.set_event(key, value)
        DBOS.send(DBOS.workflow_id, value, topic)
        return [value, DBOS.recv(topic, timeout_seconds=0), DBOS.get_event(DBOS.workflow_id, key, timeout_seconds=0)]

    @THOROUGHLY
    @given(workflow_id=names, topic=names, key=names, value=payloads)
    @example(workflow_id="long", topic="t", key="k", value=["y" * 1_000_000, float("nan")])
    @example(workflow_id="日" * 341, topic="日" * 341, key="日" * 341, value=1)
    def whatever(workflow_id: str, topic: str, key: str, value: Any) -> None:
        before = app.counts()
        try:
            with SetWorkflowID(workflow_id):
                result = echoing(topic, key, value)
        except (ValueError, error.DBOSSerializationError) as refused:
            assert len(str(refused)) > 20
            after = app.counts()
            # A name that the workflow itself gave is refused in it: then only its row and its error are stored.
            assert (after["messages"], after["events"]) in (
                (before["messages"], before["events"]),
                (before["messages"], before["events"] + 1),
            )
            app.sql("DELETE FROM {dbos}workflows")
            return
        assert len(result) == 3
        assert all(is_same(found, value) for found in result)
        stored = DBOS.retrieve_workflow(workflow_id).get_result(timeout_seconds=20)
        assert all(is_same(found, value) for found in stored)
        app.sql("DELETE FROM {dbos}workflows")

    whatever()
