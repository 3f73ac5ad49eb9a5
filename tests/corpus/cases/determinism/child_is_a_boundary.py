import random

from dbos_typed import DBOS


@DBOS.step()
def dice() -> int:
    return random.randint(1, 6)


@DBOS.transaction()
def noise() -> float:
    return random.random()


@DBOS.workflow()
def child(limit: int) -> int:
    return random.randint(1, limit)  # E: dbos-deterministic


@DBOS.workflow()
def parent(limit: int) -> float:
    started = DBOS.start_workflow(child, limit)
    return child(limit) + dice() + noise() + started.get_result()
