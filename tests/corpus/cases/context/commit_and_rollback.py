from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.transaction()
def move(amount: int) -> bool:
    session = DBOS.sql_session
    session.execute(text("UPDATE accounts SET cents = cents - :a"), {"a": amount})
    if amount < 0:
        session.rollback()  # E: dbos-context
        return False
    session.flush()
    session.commit()  # E: dbos-context
    return True


@DBOS.transaction()
def count() -> int:
    found = DBOS.sql_session.execute(text("SELECT 1")).all()
    DBOS.sql_session.commit()  # E: dbos-context
    DBOS.sql_session.close()  # E: dbos-context
    return len(found)
