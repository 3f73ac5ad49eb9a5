from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.transaction()
def save(order_id: str) -> None:
    DBOS.sql_session.execute(text("INSERT INTO orders VALUES (:id)"), {"id": order_id})
    DBOS.set_event("saved", True)  # E: dbos-context


@DBOS.step()
def publish(order_id: str) -> str:
    DBOS.set_event("published", order_id)  # E: dbos-context
    return order_id


@DBOS.workflow()
def order(order_id: str) -> None:
    save(order_id)
    DBOS.set_event("saved", True)
    publish(order_id)
