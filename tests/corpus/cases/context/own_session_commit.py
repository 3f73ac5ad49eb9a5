from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from dbos_typed import DBOS

ENGINE = create_engine("sqlite://")


@DBOS.step()
def copy_row(name: str) -> None:
    with Session(ENGINE) as session:
        session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})
        session.commit()


@DBOS.transaction()
def copy_in_transaction(name: str) -> None:
    session = DBOS.sql_session
    session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})
    session.commit()  # E: dbos-context


@DBOS.workflow()
def both(name: str) -> None:
    copy_row(name)
    copy_in_transaction(name)
