import random
import time
from datetime import UTC, datetime

from dbos_typed import DBOS

STARTED = time.time()
SEED = random.randint(1, 10)


@DBOS.workflow()
def late(now: datetime, seed: int, launched: datetime = datetime(2024, 1, 1, tzinfo=UTC)) -> bool:
    chosen = random.Random(seed).choice([1, 2])
    return now > launched and chosen > 1


@DBOS.workflow()
def unseeded() -> float:
    return random.Random().random()  # E: dbos-deterministic


def main() -> None:
    DBOS.start_workflow(late, datetime.now(UTC), random.randint(1, 3))
