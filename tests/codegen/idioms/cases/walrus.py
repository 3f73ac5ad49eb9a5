"""A name is bound in an expression."""

# run: flow(0)
# run: flow(5)

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


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    if (paid := pay(n)) > 3 and (act := give_back):
        return act(paid)
    return 0
