"""any() and all() end a generator early."""

# run: flow(0)
# run: flow(1)
# run: flow(3)
# decides: what comes after, and how soon the generator ends

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


def is_paid(n: int) -> bool:
    # + audit()
    return pay(n) > 0


@DBOS.workflow()
def flow(n: int) -> int:
    if any(is_paid(each) for each in range(n)):
        return refund(n)
    return 0
