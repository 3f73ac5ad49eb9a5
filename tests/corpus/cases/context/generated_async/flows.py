from dbos_typed import DBOS, WorkflowHandle
from generated_async.queues import ALL, high, queue_for


@DBOS.workflow()
def job(n: int) -> int:
    return n


def submit(n: int, urgent: bool) -> WorkflowHandle[int]:
    return queue_for(urgent).enqueue(job, n)


@DBOS.step()
def schedule(n: int) -> str:
    return submit(n, urgent=True).workflow_id  # E: dbos-context


@DBOS.step()
def schedule_high(n: int) -> str:
    return high.enqueue(job, n).workflow_id  # E: dbos-context


@DBOS.workflow()
def plan(numbers: list[int]) -> int:
    handles = [submit(n, urgent=n > 3) for n in numbers]
    others = [ALL["low"].enqueue(job, n) for n in numbers]
    return sum(handle.get_result() for handle in [*handles, *others])
