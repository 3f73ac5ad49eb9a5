"""Text columns of SQLite whose bytes are no UTF-8, as which its driver refuses the whole result."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Row
from sqlalchemy.exc import OperationalError


def text_or_bytes(raw: bytes) -> str | bytes:
    """The text, or the bytes that are none: a `text_factory`."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def all_rows(connection: Connection, query: Executable) -> Sequence[Row[Any]]:
    """The rows of a query; a text that is no UTF-8 is given as its bytes, as a BLOB is."""
    try:
        return connection.execute(query).all()
    except OperationalError as error:
        # Asked first, because a session that was lost has no connection any more.
        if "decode to UTF-8" not in str(error.orig):
            raise
        driver = connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise
    before: Any = driver.text_factory
    driver.text_factory = text_or_bytes
    try:
        return connection.execute(query).all()
    finally:
        driver.text_factory = before
