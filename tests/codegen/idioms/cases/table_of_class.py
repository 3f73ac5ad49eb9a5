"""A dict of handlers is an attribute of a class."""

# run: Flow.run("pay", 1)
# run: Flow.run("refund", 2)

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


@DBOS.dbos_class()
class Flow:
    HANDLERS = {"pay": pay, "refund": give_back}

    @classmethod
    @DBOS.workflow()
    def run(cls, kind: str, n: int) -> int:
        return cls.HANDLERS[kind](n)
