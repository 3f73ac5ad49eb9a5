"""A helper starts the workflow that it is given."""

# run: flow(0)
# run: flow(1)
# run: flow(2)

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
def child(n: int) -> int:
    # + audit()
    return pay(n)


def fan_out(workflow, count: int) -> int:
    handles = [DBOS.start_workflow(workflow, each) for each in range(count)]
    return sum([handle.get_result() for handle in handles])


@DBOS.workflow()
def flow(n: int) -> int:
    return fan_out(child, n) + refund(n)
