"""Of two transactions that wait for each other the database ends one, which is run again; both commit."""

import threading

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("sync",)  # needs threads
DATABASES = ("postgres",)  # SQLite has one writer at a time


def check(app: App) -> None:
    app.create_table("accounts", "name text, amount integer")
    app.sql("INSERT INTO accounts VALUES ('a', 0), ('b', 0)")
    both_hold_one = threading.Barrier(2)
    attempts: list[str] = []

    @DBOS.transaction(isolation_level="READ COMMITTED")
    def transfer(source: str, target: str) -> str:
        update = sa.text("UPDATE accounts SET amount = amount + :by WHERE name = :name")
        attempts.append(source)
        DBOS.sql_session.execute(update, {"name": source, "by": -1})
        if attempts.count(source) == 1:
            both_hold_one.wait(20)
        DBOS.sql_session.execute(update, {"name": target, "by": 1})
        return source

    @DBOS.workflow()
    def work(source: str, target: str) -> str:
        return transfer(source, target)

    handles = [DBOS.start_workflow(work, "a", "b"), DBOS.start_workflow(work, "b", "a")]
    assert [handle.get_result(timeout_seconds=20) for handle in handles] == ["a", "b"]
    assert len(attempts) == 3
    assert {row["amount"] for row in app.sql("SELECT amount FROM accounts")} == {0}
