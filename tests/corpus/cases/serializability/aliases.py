import threading
from collections.abc import Callable
from typing import TypeAlias

from dbos_typed import DBOS

Callback: TypeAlias = Callable[[str], None]
Mutex = threading.Lock
Names: TypeAlias = dict[str, tuple[str, ...]]
Callbacks: TypeAlias = "dict[str, Callback]"


@DBOS.workflow()
def register(names: Names) -> int:
    return len(names)


@DBOS.workflow()
def subscribe(callback: Callback) -> None:  # E: dbos-serializable
    callback("x")


@DBOS.workflow()
def hold(mutex: Mutex) -> bool:  # E: dbos-serializable
    return mutex.locked()


@DBOS.workflow()
def dispatch(callbacks: Callbacks) -> int:  # E: dbos-serializable
    return len(callbacks)
