from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.transaction()
def try_insert(name: str) -> bool:
    try:
        with DBOS.sql_session.begin_nested():
            DBOS.sql_session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})
    except ValueError:
        return False
    DBOS.sql_session.expire_all()
    return True


@DBOS.transaction()
def insert_begun(name: str) -> None:
    with DBOS.sql_session.begin():  # E: dbos-context
        DBOS.sql_session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})
