"""Queues are kept in a dict and passed to a helper."""

# run: flow("fast", 1)

from dbos_typed import DBOS, Queue


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


QUEUES = {"fast": Queue("fast"), "slow": Queue("slow")}


@DBOS.workflow()
def child(n: int) -> int:
    return pay(n)


@DBOS.workflow()
def other(n: int) -> int:
    return refund(n)


def put(queue, n: int) -> int:
    # + audit()
    return queue.enqueue(child, n).get_result()  # => return queue.enqueue(other, n).get_result()


@DBOS.workflow()
def flow(name: str, n: int) -> int:
    return put(QUEUES[name], n)
