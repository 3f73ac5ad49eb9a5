"""Every handler of a dict is called."""

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


HANDLERS = {"pay": pay, "refund": give_back}  # => HANDLERS = {"refund": give_back, "pay": pay}


@DBOS.workflow()
def flow(n: int) -> int:
    total = 0
    for name, handler in HANDLERS.items():
        total += handler(n) + len(name)
    return total
