"""A handler is for another class of errors."""

# run: flow(1)
# run: flow(-1)
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


class Refused(ValueError):
    pass


@DBOS.step()
def risky(n: int) -> int:
    if n < 0:
        raise Refused("no")
    return n


def settle(n: int) -> int:
    try:
        return risky(n)
    except TypeError:
        return pay(n)
    except Refused:  # => except LookupError:
        return refund(n)
    except ValueError:
        return 0


@DBOS.workflow()
def flow(n: int) -> int:
    return settle(n)
