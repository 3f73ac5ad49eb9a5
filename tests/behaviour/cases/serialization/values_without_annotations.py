"""Where nothing is annotated, built-in types come back as they were."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from dbos_typed import DBOS
from tests.behaviour.app import App

VALUES: list[Any] = [
    None,
    True,
    -(10**30),
    1.5,
    float("inf"),
    "text \x00 \ud800 ü 🙂",
    b"bytes",
    (1, (2,)),
    {1, 2},
    frozenset({"x"}),
    {"plain": {"nested": [1, None]}},
    {1: "int key", (1, 2): "tuple key", None: "none key"},
    {"$type": "looks like an envelope"},
    datetime(2025, 1, 1, tzinfo=UTC),
    Decimal("0.10"),
    UUID(int=1),
    complex(1, 2),
    range(1, 10, 3),
]


async def check(app: App) -> None:
    seen: list[Any] = []

    @DBOS.workflow()
    async def echoing(*values: Any, **named: Any) -> Any:
        seen.append(values)
        await DBOS.set_event_async("values", list(values))
        await DBOS.send_async(DBOS.workflow_id, list(values))
        received = await DBOS.recv_async()
        return [list(values), named, received]

    handle = await DBOS.start_workflow_async(echoing, *VALUES, last=VALUES)
    expected = [VALUES, {"last": VALUES}, VALUES]
    assert await handle.get_result() == expected
    assert await DBOS.get_event_async(handle.workflow_id, "values") == VALUES
    assert await app.rerun_async(handle.workflow_id, keep=4) == expected
    assert seen == [tuple(VALUES)] * 2
    types = [[type(value) for value in group] for group in seen]
    assert types == [[type(value) for value in VALUES]] * 2
