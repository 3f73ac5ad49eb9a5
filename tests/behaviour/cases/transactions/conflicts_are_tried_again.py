"""Transactions that the database cannot serialize are run again, so that no increment is lost."""

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("sync",)  # needs threads
COUNT = 8


def check(app: App) -> None:
    app.create_table("counters", "value integer")
    app.sql("INSERT INTO counters VALUES (0)")
    gate = app.gate()
    attempts: list[int] = []

    @DBOS.transaction()
    def increment() -> int:
        attempts.append(1)
        value = DBOS.sql_session.execute(sa.text("SELECT value FROM counters")).scalar_one()
        DBOS.sql_session.execute(sa.text("UPDATE counters SET value = :value"), {"value": value + 1})
        return int(value) + 1

    @DBOS.workflow()
    def counting() -> int:
        gate.wait()
        return increment()

    handles = [DBOS.start_workflow(counting) for _ in range(COUNT)]
    gate.open()
    assert sorted(handle.get_result(timeout_seconds=20) for handle in handles) == list(range(1, COUNT + 1))
    assert app.sql("SELECT value FROM counters") == [{"value": COUNT}]
    assert len(attempts) >= COUNT
