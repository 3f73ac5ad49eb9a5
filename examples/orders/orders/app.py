"""The application: `python -m orders.app run o-1`. Kill it at any moment and run it again: it goes on where it was."""

import argparse
import os
import time
from collections.abc import Sequence

from sqlalchemy import create_engine, text

import orders.workflows  # noqa: F401  # registers the workflows that launch() recovers
from dbos_typed import DBOS, SetWorkflowID
from orders.generated.workflows import CheckoutHandle, checkout
from orders.journal import read
from orders.models import Approval, Item, Receipt

DATABASE_URL = os.environ.get("DBOS_DATABASE_URL", "sqlite:///orders.sqlite")
APPROVE_AT = 60
POLL_SECONDS = 0.1


def create_tables() -> None:
    """Create the application's own table. The workflows' tables are dbos_typed's business."""
    engine = create_engine(DATABASE_URL)
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS orders "
                "(order_id VARCHAR(64) PRIMARY KEY, total INTEGER NOT NULL, payment VARCHAR(64) NOT NULL)"
            )
        )
    engine.dispose()


def run(order_id: str) -> Receipt:
    """Start the order's checkout, or attach to it when it has been started before, and wait for its receipt."""
    items = [Item("teapot", 1, 2_495), Item("cup", 4, 550)]
    with SetWorkflowID(f"order-{order_id}"):
        handle = checkout.start(order_id, items, express=True)
    watch(handle)
    return handle.get_result()


def watch(handle: CheckoutHandle) -> None:
    """Print the progress as it changes, and approve the order when it asks for it."""
    shown: int | None = None
    while handle.get_status().status == "PENDING":
        progress = handle.get_event("progress", POLL_SECONDS)
        if progress is not None and progress != shown:
            print(f"progress {progress}%", flush=True)
            shown = progress
            if progress >= APPROVE_AT:
                approval = Approval(by="the night shift", granted=True)
                handle.send(approval, topic="approval", idempotency_key=f"approve-{handle.workflow_id}")
        time.sleep(POLL_SECONDS)


def show(receipt: Receipt) -> None:
    """Print a receipt and what was really done for it."""
    print(f"receipt: {receipt.total / 100:.2f} EUR, {receipt.payment}, {receipt.parcel}")
    print(f"approved by {receipt.approved_by}")
    for number, line in enumerate(read(receipt.order_id), start=1):
        print(f"  {number}. {line}")


def list_orders() -> None:
    """Print every checkout there has been."""
    for status in checkout.list():
        receipt = status.output
        print(status.workflow_id, status.status, "" if receipt is None else f"{receipt.total / 100:.2f} EUR")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m orders.app", description="A checkout that survives being killed.")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="start an order, or go on with it after a crash")
    running.add_argument("order_id")
    commands.add_parser("list", help="list all orders")
    chosen = parser.parse_args(arguments)
    create_tables()
    DBOS(config={"name": "orders", "database_url": DATABASE_URL, "log_level": "WARNING"})
    DBOS.launch()
    try:
        if chosen.command == "run":
            show(run(chosen.order_id))
        else:
            list_orders()
    finally:
        DBOS.destroy()


if __name__ == "__main__":
    main()
