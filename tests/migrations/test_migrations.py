"""Bringing a database's schema up to date."""

import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

from dbos_typed.core.writes import CancelWorkflow
from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage.database import Access, open_database, parse_url
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.migrate import VERSION_TABLE, migrate
from dbos_typed.storage.postgres import PostgresDialect, open_postgres
from dbos_typed.storage.schema import SCHEMA_VERSION, Names, tables
from dbos_typed.storage.sqlite import SqliteDialect, open_sqlite

LAUNCHER = Path(__file__).with_name("launcher.py")
WAIT_SECONDS = 30


Launch: TypeAlias = "Callable[..., subprocess.Popen[str]]"


@pytest.fixture
def launch() -> Iterator[Launch]:
    """Starts launcher.py with the arguments; whatever still runs when the test ends is killed."""
    with ExitStack() as started:

        def start(*arguments: str) -> "subprocess.Popen[str]":
            command = [sys.executable, str(LAUNCHER), *arguments]
            launcher = started.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            )
            started.callback(launcher.kill)
            return launcher

        yield start


@contextmanager
def opened(url: str, schema: str = "dbos_typed") -> Iterator[tuple[Engine, Dialect]]:
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine, dialect = open_sqlite(parsed), SqliteDialect()
        try:
            yield engine, dialect
        finally:
            engine.dispose()
    else:
        engine = open_postgres(parsed, pool_size=3)
        try:
            yield engine, PostgresDialect(schema)
        finally:
            engine.dispose()


def differences(connection: Connection, names: Names) -> list[Any]:
    """How the database differs from the tables that the code works with."""
    ours = {table.name for table in tables(names).all()}

    def is_ours(name: str | None, kind: str, parents: dict[str, str | None]) -> bool:
        if kind == "schema":
            return name == names.schema
        return (name if kind == "table" else parents["table_name"]) in ours

    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_schemas": names.schema is not None,
        "include_name": is_ours,
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables(names).metadata))


def version(connection: Connection, names: Names) -> object:
    return connection.execute(text(f"SELECT version_num FROM {names.full(VERSION_TABLE)}")).scalar_one()


def definitions(connection: Connection, names: Names) -> object:
    """Everything that a migration could have changed."""
    inspector = inspect(connection)
    return [
        (
            table,
            [(column["name"], str(column["type"]), column["nullable"]) for column in columns],
            sorted(str(index["name"]) for index in inspector.get_indexes(table, schema=names.schema)),
        )
        for table in sorted(inspector.get_table_names(schema=names.schema))
        if (columns := inspector.get_columns(table, schema=names.schema))
    ]


def test_empty_database_gets_the_tables_that_the_code_works_with(database_url: str) -> None:
    with opened(database_url) as (engine, dialect):
        migrate(engine, dialect)
        with engine.connect() as connection:
            assert differences(connection, dialect.names) == []
            assert version(connection, dialect.names) == SCHEMA_VERSION


def test_comparison_notices_a_missing_column_index_and_table(database_url: str) -> None:
    with opened(database_url) as (engine, dialect):
        migrate(engine, dialect)
        names = dialect.names
        index = f"{names.schema}.workflows_created" if names.schema is not None else f"{names.prefix}workflows_created"
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {names.full('steps')} DROP COLUMN args_digest"))
            connection.execute(text(f"DROP INDEX {index}"))
            connection.execute(text(f"DROP TABLE {names.full('events')}"))
            # What comes with a table is listed beside it; each of the three must be among what is found.
            found = str(differences(connection, names))
        assert "args_digest" in found
        assert "workflows_created" in found
        assert "add_table" in found


def test_migrating_again_changes_nothing(database_url: str) -> None:
    with opened(database_url) as (engine, dialect):
        migrate(engine, dialect)
        with engine.connect() as connection:
            before = definitions(connection, dialect.names)
        migrate(engine, dialect)
        with engine.connect() as connection:
            assert definitions(connection, dialect.names) == before
            assert version(connection, dialect.names) == SCHEMA_VERSION


def test_tables_of_the_user_are_left_alone(database_url: str) -> None:
    with opened(database_url) as (engine, dialect):
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE workflows (mine INTEGER)"))
            connection.execute(text("CREATE TABLE schema_version (version_num VARCHAR)"))
            connection.execute(text("INSERT INTO schema_version VALUES ('9999')"))
        migrate(engine, dialect)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM schema_version")).scalar_one() == "9999"
            assert [column["name"] for column in inspect(connection).get_columns("workflows")] == ["mine"]


@pytest.mark.parametrize("schema", ["Capital", "user"])
def test_schema_may_have_any_name(postgres_database_url: str, schema: str) -> None:
    for _ in range(2):
        database = open_database(
            postgres_database_url,
            Access(schema=schema, pool_size=2),
            publish=lambda _: None,
            logger=logging.getLogger("tests.migrations"),
        )
        assert database.journal.write(CancelWorkflow(workflow_id="nobody", at=0)) is False
        assert database.reader.workflow("nobody") is None
        database.close()


def test_newer_schema_is_refused_and_left_as_it_is(database_url: str) -> None:
    with opened(database_url) as (engine, dialect):
        migrate(engine, dialect)
        with engine.begin() as connection:
            connection.execute(text(f"UPDATE {dialect.names.full(VERSION_TABLE)} SET version_num = '9999'"))
            before = definitions(connection, dialect.names)
        with pytest.raises(DBOSInitializationError) as refusal:
            open_database(
                database_url,
                Access(schema="dbos_typed", pool_size=2),
                publish=lambda _: None,
                logger=logging.getLogger("tests.migrations"),
            )
        message = str(refusal.value)
        assert "9999" in message
        assert SCHEMA_VERSION in message
        assert "upgrade dbos_typed" in message
        with engine.connect() as connection:
            assert definitions(connection, dialect.names) == before
            assert version(connection, dialect.names) == "9999"


def test_processes_that_launch_at_once_on_an_empty_database_all_find_one_schema(
    database_url: str, launch: Launch
) -> None:
    launchers = [launch(database_url) for _ in range(2)]
    for launcher in launchers:
        _expect(launcher, "imported")
    for launcher in launchers:
        _continue(launcher)
    for launcher in launchers:
        _expect(launcher, "migrated")
        _expect_end(launcher, 0)
    _expect_complete(database_url)


@pytest.mark.parametrize("after", ["events"])
def test_migration_that_was_killed_is_completed_by_the_next_launch(
    database_url: str, after: str, launch: Launch
) -> None:
    launcher = launch(database_url, after)
    _expect(launcher, "imported")
    _continue(launcher)
    _expect(launcher, "created")
    launcher.kill()
    _expect_end(launcher, -signal.SIGKILL)
    second = launch(database_url)
    _expect(second, "imported")
    _continue(second)
    _expect(second, "migrated")
    _expect_end(second, 0)
    _expect_complete(database_url)


def _expect_complete(database_url: str) -> None:
    with opened(database_url) as (engine, dialect), engine.connect() as connection:
        assert differences(connection, dialect.names) == []
        assert version(connection, dialect.names) == SCHEMA_VERSION


def _continue(launcher: "subprocess.Popen[str]") -> None:
    assert launcher.stdin is not None
    launcher.stdin.write("\n")


def _expect(launcher: "subprocess.Popen[str]", word: str) -> None:
    assert launcher.stdout is not None
    assert launcher.stdout.readline().strip() == word


def _expect_end(launcher: "subprocess.Popen[str]", status: int) -> None:
    assert launcher.wait(WAIT_SECONDS) == status
