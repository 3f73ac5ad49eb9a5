"""A workflow has a function of its own."""

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


@DBOS.workflow()
def flow(n: int) -> int:
    def charge() -> int:
        # + audit()
        return pay(n)

    def settle() -> int:
        if n > 3:
            return charge()
        return refund(n)

    return settle()
