"""A workflow that is started stands in a dict."""

# run: flow("pay", 1)
# run: flow("refund", 2)

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
def charging(n: int) -> int:
    return pay(n)


@DBOS.workflow()
def refunding(n: int) -> int:
    # + audit()
    return refund(n)


CHILDREN = {"pay": charging, "refund": refunding}  # => CHILDREN = {"pay": refunding, "refund": charging}


@DBOS.workflow()
def flow(kind: str, n: int) -> int:
    return DBOS.start_workflow(CHILDREN[kind], n).get_result()
