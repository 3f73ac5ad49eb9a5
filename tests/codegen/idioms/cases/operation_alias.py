"""Operations of the runtime have other names."""

# run: flow(1)

from functools import partial

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


tell = DBOS.set_event
tell_amount = partial(DBOS.set_event, "amount")  # => tell_amount = pay


@DBOS.workflow()
def flow(n: int) -> int:
    tell("name", "x")
    tell_amount(n)
    for operation in (DBOS.set_event,):
        operation("other", n)
    return refund(n)
