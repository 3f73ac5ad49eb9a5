"""A transaction that finds the database locked by another program waits for it, and is committed once."""

import sqlite3
import threading

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App

DATABASES = ("sqlite",)  # where a writer locks the whole database


async def check(app: App) -> None:
    app.create_table("payments", "amount integer")

    @DBOS.transaction()
    def pay(amount: int) -> int:
        DBOS.sql_session.execute(sa.text("INSERT INTO payments VALUES (:amount)"), {"amount": amount})
        return amount

    @DBOS.workflow()
    async def checkout() -> int:
        return pay(30)

    other = sqlite3.connect(
        sa.make_url(app.database_url).database or "", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.5, lambda: other.execute("COMMIT"))
    release.start()
    handle = await DBOS.start_workflow_async(checkout)
    assert await handle.get_result(timeout_seconds=20) == 30
    release.join()
    other.close()
    assert app.sql("SELECT amount FROM payments") == [{"amount": 30}]
