from __future__ import annotations

import asyncio
import csv
import io
import random
import socket
import sqlite3
import subprocess
import time
from datetime import datetime

import httpx
import requests
from sqlalchemy import Select, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dbos_typed import DBOS


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)


def newest(limit: int) -> Select[User]:
    return select(User).where(text("id > 0")).limit(limit)


@DBOS.step()
def risky(url: str) -> int:
    return requests.get(url, timeout=1).status_code


@DBOS.workflow()
def careful(url: str, moment: datetime | str, rng: random.Random | None = None) -> str:  # E?: dbos-serializable
    statement = newest(3)
    rows = list(csv.reader(io.StringIO("a,b\nc,d")))
    buffer = io.BytesIO(b"abc").getvalue()
    try:
        if risky(url) < httpx.codes.OK.value:
            return str(httpx.URL(url).host)
    except (requests.HTTPError, httpx.TimeoutException, subprocess.CalledProcessError):
        return "http"
    except (sqlite3.IntegrityError, asyncio.CancelledError, socket.gaierror) as error:
        return str(error)
    parsed = time.strptime("2024", "%Y")
    kind = isinstance(moment, datetime)
    return f"{statement}{rows}{buffer!r}{parsed.tm_year}{kind}{rng}{socket.AF_INET}"
