"""Workflows that a test starts through their references."""

from dataclasses import dataclass

from dbos_typed import DBOS, DBOSConfiguredInstance, Event, Queue, Stream, Topic


@dataclass(frozen=True)
class Approval:
    by: str
    granted: bool


@dataclass(frozen=True)
class Receipt:
    order_id: str
    approved_by: str


PROGRESS = Event[int]("progress")
QUEUE = Queue("orders")
APPROVAL = Topic[Approval]("approval")


@DBOS.step()
def reserve(order_id: str) -> str:
    return f"reserved {order_id}"


@DBOS.workflow()
def checkout(order_id: str, *, wait_seconds: float = 30) -> Receipt:
    DBOS.set_event(PROGRESS, 1)
    DBOS.set_event("reservation", reserve(order_id))
    approval = DBOS.recv(APPROVAL, wait_seconds)
    if approval is None:
        raise TimeoutError(order_id)
    note: str | None = DBOS.recv("note", 30)
    return Receipt(order_id, f"{approval.by} ({note})")


@DBOS.workflow(name="other-name")
def other() -> None: ...


@DBOS.workflow()
async def survey(names: list[str]) -> dict[str, int]:
    await DBOS.set_event_async("asked", len(names))
    answer: int | None = await DBOS.recv_async("answer", 30)
    return dict.fromkeys(names, answer or 0)


@DBOS.dbos_class()
class Shop(DBOSConfiguredInstance):
    @DBOS.workflow()
    def restock(self, sku: str) -> str:
        return f"{self.config_name}: {sku}"

    @classmethod
    @DBOS.workflow()
    def open_all(cls, count: int) -> str:
        return f"{cls.__name__} x {count}"

    @DBOS.workflow()
    @staticmethod
    def audit(year: int) -> int:
        return year


class Branch(Shop):
    """Has its workflows from its base."""


TICKS = Stream[int]("ticks")


@DBOS.step()
def say(word: str) -> None:
    DBOS.write_stream("words", word)


@DBOS.workflow()
def tick(count: int) -> None:
    for number in range(count):
        DBOS.write_stream(TICKS, number)
        say(f"tick {number}")
    DBOS.write_stream("mixed", count)
    DBOS.write_stream("mixed", "end")


@DBOS.workflow()
async def tock(count: int) -> None:
    for number in range(count):
        await DBOS.write_stream_async(TICKS, number)
