"""Coroutine workflows."""

from dataclasses import dataclass

from dbos_typed import DBOS, Topic


@dataclass
class Approval:
    by: str


APPROVAL: Topic[Approval] = Topic("approval")


@DBOS.step()
async def measure(name: str) -> float:
    return float(len(name))


@DBOS.workflow()
async def survey(names: list[str]) -> dict[str, float]:
    """Measure everything."""
    await DBOS.set_event_async("size", await measure(names[0]))
    await DBOS.set_event_async("unawaited", measure)
    approval = await DBOS.recv_async(APPROVAL)
    note: str | None = await DBOS.recv_async("note", 3)
    return {approval.by if approval else note or "": 1.0}
