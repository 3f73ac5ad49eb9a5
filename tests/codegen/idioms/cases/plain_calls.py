"""Steps are called by their names, in helpers, branches and loops."""

# run: flow(0)
# run: flow(1)
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
    if n > 5:
        return refund(n)
    # + audit()
    return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    # + audit()
    for each in range(n):
        if each > 1:
            # + audit()
            return refund(each)
        pay(each)
    return charge(n)
