"""The world outside the database: one line for each thing that was really done to it."""

import os
from pathlib import Path

JOURNAL = Path(os.environ.get("ORDERS_JOURNAL", "orders-journal.txt"))


def done(order_id: str, what: str) -> None:
    """Append what was done, at once and for good."""
    with JOURNAL.open("a", encoding="utf-8") as journal:
        journal.write(f"{order_id} {what}\n")
        journal.flush()
        os.fsync(journal.fileno())


def read(order_id: str) -> list[str]:
    """Return what was done for an order, in order."""
    if not JOURNAL.exists():
        return []
    lines = (line.split(" ", 1) for line in JOURNAL.read_text(encoding="utf-8").splitlines())
    return [what for order, what in lines if order == order_id]
