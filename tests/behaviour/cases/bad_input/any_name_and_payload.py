"""Whatever is given as id, topic, key or payload: a clear error and nothing written, or a faithful round trip."""

import math
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App

FORMS = ("sync",)  # hypothesis calls blocking functions
EXAMPLES = 40

characters = st.characters(codec=None, exclude_categories=())
names = st.text(characters, max_size=12) | st.sampled_from(["", "\x00", "\ud800", "é" * 512, "é" * 513, "日" * 341])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(characters)
    | st.binary()
    | st.datetimes()
    | st.decimals(allow_nan=False)
    | st.uuids()
    | st.sampled_from([-(2**64), 2**53 + 1, -0.0, 5e-324, "x" * 1_000_000, "\x00" * 100])
    | st.sampled_from([1, 5000]).map(lambda digits: 10**digits)
)
payloads = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(characters, max_size=5) | st.integers(), inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=10,
)


def check(app: App) -> None:
    @DBOS.workflow()
    def echoing(topic: str, key: str, value: Any) -> Any:
        DBOS.set_event(key, value)
        DBOS.send(DBOS.workflow_id, value, topic)
        return [value, DBOS.recv(topic, timeout_seconds=0), DBOS.get_event(DBOS.workflow_id, key, timeout_seconds=0)]

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), derandomize=True)
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
        assert all(_same(found, value) for found in result)
        stored = DBOS.retrieve_workflow(workflow_id).get_result(timeout_seconds=20)
        assert all(_same(found, value) for found in stored)
        app.sql("DELETE FROM {dbos}workflows")

    whatever()


def _same(left: Any, right: Any) -> bool:
    """Equality that tells types, signs and NaN apart."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(_same(left[key], right[key]) for key in left)
    return bool(left == right)
