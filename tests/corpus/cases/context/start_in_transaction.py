from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.workflow()
def ship(order_id: str) -> str:
    return order_id


@DBOS.transaction()
def place(order_id: str) -> None:
    DBOS.sql_session.execute(text("INSERT INTO o VALUES (:id)"), {"id": order_id})
    DBOS.start_workflow(ship, order_id)  # E: dbos-context


@DBOS.transaction()
def place_and_call(order_id: str) -> str:
    DBOS.sql_session.execute(text("INSERT INTO o VALUES (:id)"), {"id": order_id})
    return ship(order_id)  # E: dbos-context


@DBOS.workflow()
def shop(order_id: str) -> str:
    place(order_id)
    place_and_call(order_id)
    return ship(order_id)
