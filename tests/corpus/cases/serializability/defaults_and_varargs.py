from __future__ import annotations

import socket
import threading
from typing import Annotated, Any, Optional, Union

from dbos_typed import DBOS


@DBOS.workflow()
def many(*names: str, **options: int) -> int:
    return len(names) + len(options)


@DBOS.workflow()
def many_locks(*locks: threading.Lock) -> int:  # E: dbos-serializable
    return len(locks)


@DBOS.workflow()
def named_sockets(**sockets: socket.socket) -> int:  # E: dbos-serializable
    return len(sockets)


@DBOS.workflow()
def optional(lock: Optional[threading.Lock] = None) -> bool:  # E: dbos-serializable
    return lock is None


@DBOS.workflow()
def either(value: Union[int, str, socket.socket]) -> str:  # E: dbos-serializable
    return str(value)


@DBOS.workflow()
def annotated(value: Annotated[socket.socket, "open"]) -> str:  # E: dbos-serializable
    return str(value)


@DBOS.workflow()
def anything(value: Any, other: object, *rest: Any, **more: Any) -> Any:
    return [value, other, rest, more]
