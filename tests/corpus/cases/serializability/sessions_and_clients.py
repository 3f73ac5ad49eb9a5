import sqlite3

import httpx
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dbos_typed import DBOS


@DBOS.workflow()
def report(session: Session) -> int:  # E: dbos-serializable
    return len(session.dirty)


@DBOS.workflow()
def migrate(engine: Engine, table: str) -> str:  # E: dbos-serializable
    return table + str(engine)


@DBOS.step()
def connect(path: str) -> sqlite3.Connection:  # E: dbos-serializable
    return sqlite3.connect(path)


@DBOS.step()
def fetch(url: str) -> httpx.Response:  # E: dbos-serializable
    return httpx.get(url)


@DBOS.step()
def fetch_text(url: str) -> str:
    with httpx.Client() as client:
        return client.get(url).text
