from dbos_typed import DBOS, Queue
from generated.gen_context_start.flows import context_child

queue = Queue("context")


@DBOS.step()
def outer_step(n: int) -> str:
    return context_child.start(n).workflow_id  # E: dbos-context


@DBOS.step()
def outer_enqueue(n: int) -> str:
    return context_child.enqueue(queue, n).workflow_id  # E: dbos-context


@DBOS.step()
def outer_look(workflow_id: str) -> int:
    return context_child.retrieve(workflow_id).get_result()


@DBOS.workflow()
def outer(n: int) -> str:
    outer_step(n)
    outer_enqueue(n)
    print(outer_look("w"))
    return context_child.start(n).workflow_id
