from __future__ import annotations

from decimal import Decimal

from fastapi import FastAPI, HTTPException

from dbos_typed import DBOS, SetWorkflowID
from shop_orders.flows import APPROVAL, STATE, checkout
from shop_orders.models import Line, Order, State

app = FastAPI()
DBOS(config={"name": "shop"}, fastapi=app)


@app.post("/orders/{order_id}")
def create(order_id: str, customer: str) -> str:
    order = Order(order_id, customer, [Line("teapot", 1, Decimal("24.95"))])
    with SetWorkflowID(f"order-{order_id}"):
        return DBOS.start_workflow(checkout, order).workflow_id


@app.get("/orders/{order_id}/state")
def state(order_id: str) -> State:
    found = DBOS.get_event(f"order-{order_id}", STATE, timeout_seconds=0.1)
    if found is None:
        raise HTTPException(404)
    return found


@app.post("/orders/{order_id}/approve")
def approve(order_id: str) -> None:
    DBOS.send(f"order-{order_id}", True, APPROVAL)


@app.get("/orders/{order_id}/total")
def total(order_id: str) -> Decimal:
    return DBOS.retrieve_workflow(f"order-{order_id}", workflow=checkout).get_result().total


@app.get("/pending")
def pending() -> list[str]:
    return [status.workflow_id for status in DBOS.list_workflows(status="PENDING", name="checkout")]
