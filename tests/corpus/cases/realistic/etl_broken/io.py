from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import IO


def age(path: Path) -> float:
    return dt.datetime.now().timestamp() - path.stat().st_mtime


def size_of(path: Path) -> int:
    return path.stat().st_size


def opened(path: Path) -> IO[str]:
    return path.open()


def stem(path: Path) -> str:
    return path.stem.lower()
