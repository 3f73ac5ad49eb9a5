from collections.abc import Sequence

from dbos_typed import DBOS, WorkflowHandle


@DBOS.workflow()
def square(n: int) -> int:
    return n * n


@DBOS.workflow()
def name(n: int) -> str:
    return str(n)


def total(handles: Sequence[WorkflowHandle[int]]) -> int:
    return sum(handle.get_result() for handle in handles)


print(total([DBOS.start_workflow(square, n) for n in range(3)]))
print(total([DBOS.start_workflow(name, n) for n in range(3)]))  # E: type
handles = [DBOS.start_workflow(name, n) for n in range(3)]
print(", ".join(handle.get_result() for handle in handles))
print(sum(handle.get_result() for handle in handles))  # E: type
