"""Eleven mistakes that run until they do harm. Type checking finds each before: `mypy mistakes.py`."""

from threading import Lock
from uuid import uuid4

from dbos_typed import DBOS, DBOSClient

from orders.generated.workflows import checkout
from orders.models import Approval, Item
from orders.workflows import APPROVAL, charge_card


def wrong_argument() -> None:
    checkout.start(1001, [Item("teapot", 1, 2_495)])  # the order id is a str, not an int


def wrong_result() -> str:
    return checkout.retrieve("order-o-1").get_result().total  # the total is an int, not a str


def wrong_event() -> int | None:
    return checkout.retrieve("order-o-1").get_event("progres")  # the workflow sets "progress", not "progres"


def wrong_message() -> None:
    checkout.retrieve("order-o-1").send("yes", topic="approval")  # the workflow expects an Approval, not a str


def not_a_workflow() -> None:
    DBOS.start_workflow(charge_card, "o-1", 4_695)  # charge_card is a step; only a workflow can be started


@DBOS.workflow()
def forgotten_timeout() -> str:
    approval = DBOS.recv(APPROVAL, timeout_seconds=5)
    return approval.by  # recv gives None after its timeout


@DBOS.workflow()
async def blocked_event_loop() -> None:
    DBOS.sleep(5)  # stops every coroutine of the process; await DBOS.sleep_async(5) instead


@DBOS.step()
def wrong_place() -> Approval | None:
    return DBOS.recv(APPROVAL)  # a step cannot wait for messages; only the workflow that calls it can


def invoice_number() -> str:
    return f"INV-{uuid4()}"


@DBOS.workflow()
def another_number_on_recovery() -> str:
    return invoice_number()  # draws a new number when the workflow is recovered; a step would remember it


@DBOS.workflow()
def unstorable(lock: Lock) -> None:  # a lock cannot be stored, so this could never be started
    lock.acquire()


def wrong_name(client: DBOSClient) -> None:
    client.enqueue({"queue_name": "orders", "workflow_name": "chekout"}, "o-1", [])  # there is no "chekout"
