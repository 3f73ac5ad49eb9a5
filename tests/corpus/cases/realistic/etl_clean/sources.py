from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    id: int
    name: str
    at: dt.datetime


def lines(path: Path) -> Iterator[list[str]]:
    with path.open(newline="") as file:
        yield from csv.reader(file)


def rows(path: Path) -> list[Row]:
    return [Row(int(number), name, dt.datetime.fromisoformat(at)) for number, name, at in lines(path)]


def digest(rows: list[Row]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def batches(rows: list[Row], size: int) -> list[list[Row]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]
