import threading

from sqlalchemy import text

from dbos_typed import DBOS
from payments_broken.money import Money

_lock = threading.Lock()


@DBOS.transaction()
def book(account: str, money: Money) -> int:
    session = DBOS.sql_session
    session.execute(text("INSERT INTO entries VALUES (:a, :m)"), {"a": account, "m": money.amount})
    session.commit()  # E: dbos-context
    found = session.execute(text("SELECT count(*) FROM entries")).scalar()
    return int(found or 0)


@DBOS.step()
def audit(account: str) -> threading.Lock:  # E: dbos-serializable
    DBOS.logger.info(account)
    return _lock


@DBOS.step()
def balance(account: str) -> Money | None:
    with _lock:
        return None if account else None
