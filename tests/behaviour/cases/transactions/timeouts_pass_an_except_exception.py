"""A timeout of the server is no answer to a transaction: `except Exception` does not see it, and the body runs again."""

import asyncio

from sqlalchemy import create_engine, text

from dbos_typed import DBOS
from tests.behaviour.app import PATIENCE_SECONDS, App

FORMS = ("async",)  # the synchronous workflows run on threads beside it
DATABASES = ("postgres",)  # SQLite has neither timeout


async def check(app: App) -> None:
    app.create_table("things", "n INTEGER")
    seen: list[str] = []
    attempts: list[int] = []

    @DBOS.transaction()
    def put() -> str:
        attempts.append(1)
        try:
            DBOS.sql_session.execute(text("INSERT INTO things (n) VALUES (1)"))
        except Exception as error:
            seen.append(type(error).__name__)
            return "not put"
        return "put"

    @DBOS.workflow()
    def work() -> str:
        return put()

    @DBOS.transaction()
    def ask() -> str:
        DBOS.sql_session.execute(text("SET LOCAL lock_timeout = '10ms'"))
        try:
            with DBOS.sql_session.begin_nested():
                DBOS.sql_session.execute(text("LOCK TABLE things IN EXCLUSIVE MODE"))
        except Exception as error:
            return type(error).__name__
        return "locked"

    @DBOS.workflow()
    def look() -> str:
        return ask()

    engine = create_engine(app.database_url)
    with engine.begin() as holder:
        holder.execute(text("LOCK TABLE things IN ACCESS EXCLUSIVE MODE"))
        assert await asyncio.to_thread(look) == "OperationalError", "a timeout that it set itself it may handle"
        name = engine.url.database
        app.sql(f'ALTER DATABASE "{name}" SET lock_timeout = 50')
        app.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'dbos_typed' AND state = 'idle'"
        )
        handle = DBOS.start_workflow(work)
        await app.until_async(lambda: len(attempts) >= 2)
        assert app.row(handle.workflow_id)["status"] == "PENDING"
    assert await asyncio.to_thread(handle.get_result, PATIENCE_SECONDS) == "put"
    assert seen == []
    assert len(app.sql("SELECT n FROM things")) == 1
    app.sql(f'ALTER DATABASE "{name}" RESET lock_timeout')
    engine.dispose()
