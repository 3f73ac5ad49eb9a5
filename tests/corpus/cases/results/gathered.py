import asyncio

from dbos_typed import DBOS


@DBOS.step()
async def weigh(item: str) -> float:
    return float(len(item))


@DBOS.step()
async def label(item: str) -> str:
    return item


@DBOS.workflow()
async def ship(items: list[str]) -> float:
    weights = await asyncio.gather(*[weigh(item) for item in items])
    weight, text = await asyncio.gather(weigh(items[0]), label(items[0]))
    print(text.upper(), weight + 1)
    print(weight.upper())  # E: type
    return sum(weights)


@DBOS.workflow()
async def ship_labels(items: list[str]) -> float:
    return sum(await asyncio.gather(*[label(item) for item in items]))  # E: type
