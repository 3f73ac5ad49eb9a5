from sqlalchemy import text

from dbos_typed import DBOS, Queue

queue = Queue("lines")


@DBOS.workflow()
def child(
    a: int,
    b: int,
) -> int:
    return a + b


@DBOS.step()
def fan_out(
    numbers: list[int],
) -> list[str]:
    return [
        queue.enqueue(  # E: dbos-context
            child,
            number,
            b=3,
        ).workflow_id
        for number in numbers
    ]


@DBOS.workflow()
def parent(numbers: list[int]) -> int:
    found = (
        DBOS.sql_session.execute(  # E: dbos-context
            text("SELECT 1"),
        )
        .scalars()
        .all()
    )
    return len(found) + len(
        fan_out(
            numbers,
        )
    )
