from fastapi import FastAPI
from pydantic import BaseModel

from dbos_typed import DBOS, SetWorkflowID

app = FastAPI()
DBOS(config={"name": "shop"}, fastapi=app)


class Order(BaseModel):
    id: str
    cents: int


@DBOS.workflow()
def checkout(order: Order, *, gift: bool = False) -> str:
    return order.id if gift else ""


@app.post("/orders")
def create(order: Order) -> str:
    with SetWorkflowID(order.id):
        return DBOS.start_workflow(checkout, order, gift=True).workflow_id


@app.post("/orders/{order_id}")
def create_by_id(order_id: str) -> str:
    return DBOS.start_workflow(checkout, order_id).workflow_id  # E: type


@app.post("/gifts")
def create_gift(order: Order) -> str:
    return DBOS.start_workflow(checkout, order, "gift").workflow_id  # E: type
