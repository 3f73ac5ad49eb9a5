"""What is done to the tables as a whole, without a runtime: bringing them up to date, and removing them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy import Engine, text

from dbos_typed.config import Settings
from dbos_typed.storage.application import create_records_table, transaction_table
from dbos_typed.storage.connecting import Access, connected
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.migrate import VERSION_TABLE, migrate
from dbos_typed.storage.schema import SCHEMA_VERSION, tables

_Preparation: TypeAlias = Callable[[Engine, Dialect], None]


def migrate_databases(settings: Settings) -> str:
    """Create or upgrade the tables as a launch would; the schema version that they have now.

    A missing database is created where the role may. DBOSInitializationError: a database cannot be used, or its schema
    is newer than this code.
    """
    _use(settings.system_database_url, settings, migrate)
    if not settings.has_one_database:
        _use(settings.database_url, settings, create_records_table)
    return SCHEMA_VERSION


def reset_databases(settings: Settings) -> None:
    """Remove the tables with everything that is recorded; the application's own tables stay.

    No process may be using them. DBOSInitializationError: a database cannot be used.
    """
    # Records that outlived their workflows would answer for others of the same ids, so they go first.
    if not settings.has_one_database:
        _use(settings.database_url, settings, _drop)
    _use(settings.system_database_url, settings, _drop)


def _use(url: str, settings: Settings, prepare: _Preparation) -> None:
    access = Access(
        schema=settings.schema,
        pool_size=1,
        engine_options=settings.engine_options,
        may_create=True,
        patience_seconds=settings.database_timeout_seconds,
        silence_seconds=settings.database_silence_seconds,
        pooler=settings.pooler,
    )
    connected(url, access, prepare, logging.getLogger("dbos_typed")).engine.dispose()


def _drop(engine: Engine, dialect: Dialect) -> None:
    names = dialect.names
    with dialect.migration_lock(engine) as connection:
        tables(names).metadata.drop_all(connection)
        transaction_table(names).drop(connection, checkfirst=True)
        connection.execute(text(f"DROP TABLE IF EXISTS {names.full(VERSION_TABLE)}"))
