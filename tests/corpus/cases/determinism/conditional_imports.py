from __future__ import annotations

import typing
from typing import TYPE_CHECKING

from dbos_typed import DBOS

if TYPE_CHECKING:
    import random as typed_random

try:
    from time import time_ns as stamp
except ImportError:
    from time import monotonic_ns as stamp


@DBOS.workflow()
def pick(generator: typed_random.Random, names: list[str]) -> str:  # E: dbos-serializable
    return generator.choice(names)


@DBOS.workflow()
def numbered(name: str) -> str:
    if typing.TYPE_CHECKING:
        print(name)
    return f"{name}-{stamp()}"  # E: dbos-deterministic


@DBOS.workflow()
def local(name: str) -> str:
    from datetime import datetime

    if name:
        return datetime(2024, 1, 1).isoformat()
    return datetime.now().isoformat()  # E: dbos-deterministic
