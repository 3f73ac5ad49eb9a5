"""Errors of a step's own database engine are stored and logged without the parameters of their statements.

Class, statement and the driver's error stay, and the workflow sees what a replay sees.
"""

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS, SetWorkflowID, error
from tests.behaviour.app import App

SECRET = "hunter2"


async def check(app: App) -> None:
    # It hides nothing, unlike the application's.
    engine = sa.create_engine(app.database_url.replace("postgresql://", "postgresql+psycopg://"))
    app.create_table("people", "name varchar(20) PRIMARY KEY")

    def insert() -> None:
        with engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO people (name) VALUES (:secret), (:secret)"), {"secret": SECRET})

    @DBOS.step(name="insert")
    async def once() -> None:
        insert()

    @DBOS.step(retries_allowed=True, max_attempts=2, interval_seconds=0.01)
    async def twice() -> None:
        insert()

    @DBOS.step()
    async def wrapping() -> None:
        try:
            insert()
        except sa.exc.IntegrityError as failed:
            raise RuntimeError("no") from failed

    @DBOS.workflow()
    async def work(way: str) -> str:
        try:
            if way == "once":
                await once()
            elif way == "twice":
                await twice()
            elif way == "wrapping":
                await wrapping()
        except sa.exc.IntegrityError as failed:
            return f"{failed.statement} {failed.params} {failed}"
        insert()
        return ""

    with SetWorkflowID("caught"):
        said = await work("once")
    assert "INSERT INTO people" in said
    assert SECRET not in said
    assert await app.rerun_async("caught", keep=1) == said
    with pytest.raises(error.DBOSMaxStepRetriesExceeded) as exceeded:
        await work("twice")
    assert [type(each) for each in exceeded.value.errors] == [sa.exc.IntegrityError] * 2
    with pytest.raises(RuntimeError) as wrapped:
        await work("wrapping")
    assert isinstance(wrapped.value.__cause__, sa.exc.IntegrityError)
    assert wrapped.value.__cause__.orig is not None
    with pytest.raises(sa.exc.IntegrityError):
        await work("in the workflow")
    engine.dispose()
    stored = str([app.rows(table) for table in ("workflows", "steps")])
    assert stored.count("IntegrityError") > 4
    assert SECRET not in stored
    assert SECRET not in str(app.log)
