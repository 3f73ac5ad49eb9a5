"""A recorded value that is not of the annotated type is told on replay; one that the step gave itself is not."""

from dataclasses import dataclass
from typing import Any, cast

from dbos_typed import DBOS, SetWorkflowID
from tests.behaviour.app import PATIENCE_SECONDS, App


@dataclass
class Count:
    number: int


async def check(app: App) -> None:
    @DBOS.step(name="number")
    async def number() -> int:
        return 7

    @DBOS.step(name="perhaps")
    async def perhaps() -> int | None:
        return 7

    @DBOS.step(name="numbers")
    async def numbers() -> list[int]:
        return [7]

    @DBOS.step(name="named")
    async def named() -> dict[str, int]:
        return {"a": 7}

    @DBOS.step(name="count")
    async def count() -> Count:
        return Count(7)

    @DBOS.step(name="share")
    async def share() -> float:
        return 7.0

    steps: dict[str, Any] = {
        "number": number,
        "perhaps": perhaps,
        "numbers": numbers,
        "named": named,
        "count": count,
        "share": share,
    }

    @DBOS.workflow()
    async def flow(name: str) -> str:
        try:
            return repr(await steps[name]())
        except Exception as unexpected:
            return f"caught {type(unexpected).__name__}"

    @DBOS.step(name="wrong")
    async def wrong() -> int:
        return cast("int", "seven")

    @DBOS.step(name="wrong-list")
    async def wrong_list() -> list[int]:
        return cast("list[int]", ["seven", None, 1.5])

    steps |= {"wrong": wrong, "wrong-list": wrong_list}

    texts = {
        "number": '"seven"',
        "perhaps": "1.5",
        "numbers": '["seven"]',
        "named": '{"a":null}',
        "count": '{"number":"seven"}',
        "share": '"much"',
    }
    for name, text in texts.items():
        with SetWorkflowID(name):
            live = await flow(name)
        written = next(row["output"] for row in app.rows("steps") if row["workflow_id"] == name)
        app.sql("UPDATE {dbos}steps SET output = :text WHERE workflow_id = :id", text=text, id=name)
        app.rewind(name, keep=1)
        await app.recover_in_vain_async(name)
        assert any(repr(name) in line and "the annotation was another" in line for line in app.log)
        app.sql("UPDATE {dbos}steps SET output = :text WHERE workflow_id = :id", text=written, id=name)
        assert await app.recovered_result_async(name) == live
    for name in ("wrong", "wrong-list"):
        with SetWorkflowID(name):
            live = await flow(name)
        assert "seven" in live
        assert await app.rerun_async(name, keep=1) == live
    # What a narrower type gave is of the wider one too.
    with SetWorkflowID("narrow"):
        await flow("share")
    app.sql("UPDATE {dbos}steps SET output = '7' WHERE workflow_id = 'narrow'")
    assert await app.rerun_async("narrow", keep=1) == "7"
