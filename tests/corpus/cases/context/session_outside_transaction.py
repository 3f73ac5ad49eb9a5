from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.transaction()
def insert(name: str) -> None:
    DBOS.sql_session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})


@DBOS.step()
def insert_in_step(name: str) -> None:
    DBOS.sql_session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})  # E: dbos-context


@DBOS.workflow()
def load(name: str) -> int:
    insert(name)
    insert_in_step(name)
    rows = DBOS.sql_session.execute(text("SELECT 1"))  # E: dbos-context
    return len(rows.all())
