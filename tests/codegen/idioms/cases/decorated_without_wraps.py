"""A decorator without functools.wraps makes a call around a helper."""

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


def logged(function):
    def wrapper(n):
        # + audit()
        refund(0)
        return function(n)

    return wrapper


@logged
def charge(n: int) -> int:
    # + audit()
    return pay(n)


@DBOS.workflow()
def flow(n: int) -> int:
    return charge(n)
