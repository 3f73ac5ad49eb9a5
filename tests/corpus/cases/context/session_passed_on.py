from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from dbos_typed import DBOS


def save_and_commit(session: Session, name: str) -> None:
    session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})
    session.commit()


def save(session: Session, name: str) -> None:
    session.execute(text("INSERT INTO t VALUES (:n)"), {"n": name})


@DBOS.transaction()
def good(name: str) -> None:
    save(DBOS.sql_session, name)


@DBOS.transaction()
def bad(name: str) -> None:
    save_and_commit(DBOS.sql_session, name)  # E: dbos-context


@DBOS.step()
def own(name: str, url: str) -> None:
    from sqlalchemy import create_engine

    with Session(create_engine(url)) as session:
        save_and_commit(session, name)
