import random
import time
from datetime import (
    UTC,
    datetime,
)

from dbos_typed import DBOS


def pick(
    names: list[str],
) -> str:
    return random.choice(
        names,
    )


@DBOS.step()
def note(
    text: str,
    at: datetime,
) -> str:
    return f"{text} {at}"


@DBOS.workflow()
def report(
    names: list[str],
) -> str:
    first = note(
        names[0],
        datetime.now(UTC),  # E: dbos-deterministic
    )
    second = note(
        pick(names),  # E: dbos-deterministic
        datetime(2024, 1, 1, tzinfo=UTC),
    )
    return (
        first
        + second
        + str(time.time())  # E: dbos-deterministic
    )
