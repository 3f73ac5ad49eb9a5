from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from dbos_typed import DBOS


class Orders:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, order_id: str) -> None:
        self.session.execute(text("INSERT INTO orders VALUES (:id)"), {"id": order_id})


def store(session: Session, order_id: str) -> None:
    Orders(session).add(order_id)


def current() -> Orders:
    return Orders(DBOS.sql_session)


@DBOS.transaction()
def create(order_id: str) -> None:
    store(DBOS.sql_session, order_id)
    current().add(order_id)


@DBOS.workflow()
def checkout(order_id: str) -> None:
    create(order_id)
    current().add(order_id)  # E: dbos-context


@DBOS.step()
def audit(order_id: str) -> None:
    store(DBOS.sql_session, order_id)  # E: dbos-context
