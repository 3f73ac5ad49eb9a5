from typing import Any

from dbos_typed import DBOS


@DBOS.workflow()
def run(job: Any, count: int = 1) -> int:
    return count if job else 0


DBOS.start_workflow(run, {"a": 1})
DBOS.start_workflow(run, lambda: 3)  # E: dbos-serializable
DBOS.start_workflow(run, (n for n in range(3)))  # E: dbos-serializable
DBOS.start_workflow(run, [n for n in range(3)], count=2)
