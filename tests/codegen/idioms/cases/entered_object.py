"""An object makes calls when a block is entered and left."""

# run: flow(1)
# run: flow(-1) raises ValueError

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


class Reservation:
    def __enter__(self) -> "Reservation":
        # + audit()
        pay(1)
        return self

    def __exit__(self, *error: object) -> None:
        # + audit()
        refund(1)


@DBOS.workflow()
def flow(n: int) -> int:
    with Reservation():
        if n < 0:
            raise ValueError("no")
        return pay(n)
