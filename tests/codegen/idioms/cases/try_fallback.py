"""Another function is called when a step fails."""

# run: flow(1)
# run: flow(-1)

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


@DBOS.step()
def risky(n: int) -> int:
    if n < 0:
        raise ValueError("no")
    return n


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


@DBOS.workflow()
def flow(n: int) -> int:
    try:
        return risky(n)
    except ValueError:
        return give_back(n)
