from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.transaction()
def debit(cents: int) -> None:
    DBOS.sql_session.execute(text("UPDATE a SET c = c - :c"), {"c": cents})


@DBOS.step()
def fee(cents: int) -> int:
    return cents // 100


@DBOS.step()
def pay(cents: int) -> int:
    debit(cents)  # E: dbos-context
    return fee(cents)


@DBOS.workflow()
def transfer(cents: int) -> int:
    debit(cents)
    return pay(cents)
