"""Events, messages and streams through helpers, and values out of containers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dbos_typed import DBOS

from . import keys
from .keys import COUNT, LOG, PREFIX, TOTAL, Keys, Names, Reporter, announce, progress, publish

key = "a module's own name"


@dataclass(frozen=True)
class _Line:
    sku: str
    amount: int
    prices: dict[str, float]


@DBOS.step()
def split(text: str) -> tuple[str, int]:
    return text, 1


@DBOS.step()
async def measure(line: _Line) -> float:
    return float(line.amount)


@DBOS.workflow()
def helped(reporter: Reporter, name: str) -> None:
    progress(1)
    progress(2, "second")
    progress(key="third", value=3)
    announce(COUNT, 4)
    announce(Keys.STARTED, 0.5)
    keys.untyped("untyped", name)
    keys.deep("deep", [1])
    publish(Keys.DONE, publish("inner", b"x"))
    keys.either("left" if name else "right")
    reporter.report("reported", 1.5)
    Reporter("mine").report(f"{PREFIX}-reported", 2.5)
    keys.write([name])
    print(keys.ask("question"), keys.ask(TOTAL), DBOS.recv(Keys.ANSWER))


@DBOS.workflow()
def contained(lines: list[_Line], rates: Mapping[str, float], pair: tuple[int, str], rows: Sequence[bytes]) -> None:
    for line in lines:
        DBOS.set_event("sku", line.sku)
        for currency, price in line.prices.items():
            DBOS.set_event("currency", currency)
            DBOS.set_event("price", price)
    for index, row in enumerate(rows):
        DBOS.set_event("index", index)
        DBOS.set_event("row", row)
    for left, (sku, _) in zip(range(3), [pair, pair]):
        DBOS.set_event("left", left)
        DBOS.set_event("nested", sku)
    text, number = split("x")
    DBOS.set_event("text", text)
    DBOS.set_event("number", number)
    first = lines[0]
    DBOS.set_event("first", first)
    DBOS.set_event("slice", lines[1:])
    DBOS.set_event("rate", rates["eur"])
    DBOS.set_event("maybe rate", rates.get("usd"))
    DBOS.set_event("second of pair", pair[1])
    DBOS.set_event("skus", [line.sku for line in lines])
    DBOS.set_event("unique", {line.amount for line in lines})
    DBOS.set_event("by sku", {line.sku: line.amount for line in lines if line.amount})
    DBOS.set_event("total", sum(line.amount for line in lines))
    DBOS.set_event("largest", max(line.amount for line in lines))
    DBOS.set_event("sorted", sorted({line.sku for line in lines}))
    DBOS.set_event("rounded", round(1.5))
    DBOS.set_event("words", " a b ".strip().split())
    DBOS.set_event("any", any(line.amount for line in lines))
    DBOS.set_event(Names.STATE, first.sku.upper())
    DBOS.set_event(f"{PREFIX}-{TOTAL}", 1)
    DBOS.set_event(PREFIX + "-" + Names.PLACE.value, 1)
    keys.write(["x"])


@DBOS.workflow()
async def gathered(lines: list[_Line]) -> None:
    every = await asyncio.gather(*[measure(line) for line in lines])
    await DBOS.set_event_async("every", every)
    one, other = await asyncio.gather(measure(lines[0]), measure(lines[1]))
    await DBOS.set_event_async("one", one)
    async for line in keys_of(other):
        await DBOS.write_stream_async(LOG, line)


def keys_of(number: float):  # type: ignore[no-untyped-def]
    """What it yields is not said."""
