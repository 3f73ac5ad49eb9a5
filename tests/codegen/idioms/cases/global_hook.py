"""A function of the module is replaced when the application starts."""

# run: flow(1)
# never: pay

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


settle = pay


def configure() -> None:
    global settle
    settle = give_back


configure()


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(n)
