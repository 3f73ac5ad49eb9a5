"""Steps that raise: the exceptions of `kept_*` come back as they were, those of `changed_*` do not."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dbos_typed import DBOS


@dataclass
class Order:
    number: int
    price: Decimal


class Ledger:
    def __init__(self) -> None:
        self.entries: list[int] = []


class PlainError(Exception):
    pass


class FieldsError(Exception):
    def __init__(self, code: int, *, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class SwappedError(Exception):
    def __init__(self, code: int, text: str) -> None:
        super().__init__(text, code)
        self.code = code


class SilentError(Exception):
    def __init__(self, code: int) -> None:
        self.code = code

    def __str__(self) -> str:
        return f"code {self.code}"


class OrderError(ValueError):
    def __init__(self, order: Order) -> None:
        super().__init__(order)
        self.order = order


class SlotsError(Exception):
    __slots__ = ("code",)

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


class ChildError(FieldsError):
    def __init__(self) -> None:
        super().__init__(7, detail="seven")
        self.more = [Order(1, Decimal("1.50"))]


class LockError(Exception):
    def __init__(self, lock: threading.Lock) -> None:
        super().__init__("locked")
        self.lock = lock


class CallbackError(Exception):
    def __init__(self, callback: Callable[[], None]) -> None:
        super().__init__("call back")
        self.callback: Callable[[], None] = callback


class ArgumentError(Exception):
    def __init__(self, text: str, file: io.StringIO) -> None:
        super().__init__(text, file)


class LedgerError(Exception):
    def __init__(self) -> None:
        super().__init__("ledger")
        self.ledger = Ledger()


class ChildOfLockError(LockError):
    pass


class NestedError(Exception):
    def __init__(self) -> None:
        super().__init__("nested")
        self.parts: dict[str, Any] = {"hook": [lambda: None]}


@DBOS.step()
def kept_plain() -> None:
    raise PlainError("plain", 1)


@DBOS.step()
def kept_class() -> None:
    raise PlainError


@DBOS.step()
def kept_fields() -> None:
    raise FieldsError(3, detail="three")


@DBOS.step()
def kept_swapped() -> None:
    raise SwappedError(3, "three")


@DBOS.step()
def kept_silent() -> None:
    raise SilentError(3)


@DBOS.step()
def kept_order() -> None:
    raise OrderError(Order(1, Decimal("2.00")))


@DBOS.step()
def kept_slots() -> None:
    raise SlotsError(4)


@DBOS.step()
def kept_child() -> None:
    raise ChildError


@DBOS.step()
def kept_builtin() -> None:
    raise FileNotFoundError(2, "no such file", "a.txt")


@DBOS.step()
def changed_lock() -> None:
    raise LockError(threading.Lock())


@DBOS.step()
def changed_callback() -> None:
    raise CallbackError(print)


@DBOS.step()
def changed_argument() -> None:
    raise ArgumentError("file", io.StringIO())


@DBOS.step()
def changed_ledger() -> None:
    raise LedgerError


@DBOS.step()
def changed_child() -> None:
    raise ChildOfLockError(threading.Lock())


@DBOS.step()
def changed_nested() -> None:
    raise NestedError


@DBOS.step()
def changed_local() -> None:
    class LocalError(Exception):
        pass

    raise LocalError("local")


def fail_with(lock: threading.Lock) -> None:
    raise LockError(lock)


@DBOS.step()
def changed_in_helper() -> None:
    fail_with(threading.Lock())


@DBOS.step()
def kept_caught() -> None:
    try:
        raise LockError(threading.Lock())  # noqa: TRY301  # the case is about it
    except LockError:
        raise PlainError("caught") from None


@DBOS.step()
def kept_caught_from_helper() -> None:
    try:
        fail_with(threading.Lock())
    except LockError:
        raise PlainError("caught") from None


@DBOS.step()
def kept_other_thing() -> None:
    with socket.socket() as plug:
        raise PlainError(plug.fileno() < 0)
