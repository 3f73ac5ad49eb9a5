"""Bringing the schema of the system database up to date."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.schema import SCHEMA_VERSION

VERSION_TABLE = "schema_version"


def migrate(engine: Engine, dialect: Dialect) -> None:
    """Create or upgrade the tables; a second process that comes at the same time waits and then finds it done.

    DBOSInitializationError: the schema is newer than this code.
    """
    # The common case, a schema that is up to date, costs one query and neither a lock nor the import of Alembic.
    with engine.connect().execution_options(dbos_read_only=True) as connection:
        found = _version(connection, dialect)
    if _is_current(found):
        return
    with dialect.migration_lock(engine) as connection:
        if not _is_current(_version(connection, dialect)):
            _upgrade(connection, dialect)


def _is_current(found: str | None) -> bool:
    if found is not None and found > SCHEMA_VERSION:
        msg = (
            f"The system database has schema version {found}, and this release of dbos_typed knows versions up to "
            f"{SCHEMA_VERSION}. A newer release created it: upgrade dbos_typed here, or use another database. "
            "Nothing was changed."
        )
        raise DBOSInitializationError(msg)
    return found == SCHEMA_VERSION


def _version(connection: Connection, dialect: Dialect) -> str | None:
    names = dialect.names
    if not inspect(connection).has_table(f"{names.prefix}{VERSION_TABLE}", schema=names.schema):
        return None
    return connection.execute(text(f"SELECT max(version_num) FROM {names.full(VERSION_TABLE)}")).scalar()


def _upgrade(connection: Connection, dialect: Dialect) -> None:
    # Alembic takes as long to import as everything else together, and is needed once in a schema's life.
    command = import_module("alembic.command")
    config = import_module("alembic.config").Config()
    if dialect.names.schema is not None:
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{dialect.names.schema}"'))
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["names"] = dialect.names
    command.upgrade(config, SCHEMA_VERSION)
