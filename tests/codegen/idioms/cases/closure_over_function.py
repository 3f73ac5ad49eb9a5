"""A function is made that calls the function that it was made with."""

# run: flow(1)

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


def doubled(act):
    def twice(n: int) -> int:
        return act(n) + act(n)

    return twice


pay_twice = doubled(pay)  # => pay_twice = doubled(refund)


@DBOS.workflow()
def flow(n: int) -> int:
    return pay_twice(n) + doubled(give_back)(n)
