from __future__ import annotations

from collections.abc import Iterable, Mapping

from dbos_typed import DBOS, WorkflowHandle, WorkflowHandleAsync
from wrong_types_in_helpers.flows import Quote, broker


def prices(handles: Iterable[WorkflowHandle[Quote]]) -> Mapping[str, float]:
    return {handle.workflow_id: handle.get_result().price for handle in handles}


def symbols(handles: Iterable[WorkflowHandle[Quote]]) -> list[str]:
    return [handle.get_result().symbol for handle in handles]  # E: type


def quotes(names: list[str]) -> Mapping[str, float]:
    return prices(DBOS.start_workflow(broker.quote, name) for name in names)


def totals(names: list[str]) -> float:
    return sum(DBOS.start_workflow(broker.quote, name).get_result() for name in names)  # E: type


async def begin(name: str) -> WorkflowHandleAsync[list[Quote]]:
    return await DBOS.start_workflow_async(broker.history, name)


async def begin_blocking(name: str) -> WorkflowHandle[list[Quote]]:
    return await DBOS.start_workflow_async(broker.history, name)  # E: type


async def newest(name: str) -> float:
    handle = await begin(name)
    price, currency = (await handle.get_result())[-1]
    print(currency.upper(), price.upper())  # E: type
    return price


async def oldest(name: str) -> float:
    return (await begin(name)).get_result()[0].price  # E: type
