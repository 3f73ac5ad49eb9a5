"""A loop has a part that runs when nothing has left it."""

# run: flow(0)
# run: flow(2)
# run: flow(9)

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


def charge(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    for each in range(n):
        if each > 1:
            break
        charge(each)
    else:
        refund(n)
    return n
