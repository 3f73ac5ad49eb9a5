"""The command line brings the tables up to date and removes them, and says what is wrong."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, inspect, make_url, text

from dbos_typed import DBOS, DBOSConfig
from dbos_typed.cli import main
from dbos_typed.error import DBOSInitializationError

SCHEMA = "elsewhere"


def tables(database_url: str, schema: str | None = None) -> set[str]:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        schema = None
    else:
        url, schema = url.set(drivername="postgresql+psycopg"), schema or "dbos_typed"
    engine = create_engine(url)
    try:
        return {name.removeprefix("dbos_") for name in inspect(engine).get_table_names(schema=schema)}
    finally:
        engine.dispose()


def test_migrating_creates_the_tables_and_may_be_repeated(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["migrate", "--database-url", database_url]) == 0
        assert {"workflows", "steps", "schema_version"} <= tables(database_url)
    said = capsys.readouterr().out
    assert "has schema version 0002" in said
    assert (make_url(database_url).password or "no password") not in said


def test_tables_may_be_in_a_schema_of_another_name(postgres_database_url: str) -> None:
    assert main(["migrate", "--database-url", postgres_database_url, "--schema", SCHEMA]) == 0
    assert "workflows" in tables(postgres_database_url, SCHEMA)
    assert tables(postgres_database_url) == set()


def test_both_databases_of_a_configuration_file_are_migrated_and_reset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dbos-config.yaml").write_text(
        "name: shop\ndatabase_url: sqlite:///shop.sqlite\nsystem_database_url: sqlite:///workflows.sqlite\n",
        encoding="utf-8",
    )
    assert main(["migrate"]) == 0
    assert "transactions" in tables("sqlite:///shop.sqlite")
    assert "workflows" in tables("sqlite:///workflows.sqlite")
    assert main(["reset", "--yes"]) == 0
    assert tables("sqlite:///shop.sqlite") == tables("sqlite:///workflows.sqlite") == set()


@pytest.mark.parametrize(("answer", "is_removed"), [("yes\n", True), ("no\n", False), ("", False)])
def test_reset_asks_and_leaves_the_tables_of_the_application(database_url: str, answer: str, is_removed: bool) -> None:
    url = make_url(database_url)
    engine = create_engine(url if url.get_backend_name() == "sqlite" else url.set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE dbos_customers (name text)"))
    assert main(["migrate", "--database-url", database_url]) == 0
    done = subprocess.run(
        [sys.executable, "-m", "dbos_typed.cli", "reset", "--database-url", database_url],
        input=answer,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert done.returncode == (0 if is_removed else 1), done.stderr
    assert ("workflows" in tables(database_url)) is not is_removed
    assert inspect(engine).has_table("dbos_customers")
    engine.dispose()


def test_what_cannot_be_done_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["migrate"]) == 1
    assert "dbos-config.yaml cannot be read" in capsys.readouterr().err
    assert main(["migrate", "--database-url", "mysql://root:hidden@localhost/shop"]) == 1
    said = capsys.readouterr().err
    assert "mysql" in said
    assert "hidden" not in said
    with pytest.raises(SystemExit, match="2"):
        main(["no such command"])


@pytest.mark.parametrize("command", [["migrate"], ["reset", "--yes"]])
def test_newer_schema_is_not_migrated_and_can_be_reset(
    database_url: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate", "--database-url", database_url]) == 0
    url = make_url(database_url)
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url if is_sqlite else url.set(drivername="postgresql+psycopg"))
    table = "dbos_schema_version" if is_sqlite else "dbos_typed.schema_version"
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET version_num = '9999'"))
    engine.dispose()
    status = main([*command, "--database-url", database_url])
    assert status == (1 if command == ["migrate"] else 0)
    if status:
        assert "upgrade dbos_typed here" in capsys.readouterr().err


@pytest.fixture
def role(postgres_database_url: str) -> Iterator[URL]:
    """A login on the database that may create nothing there, and use the tables that others create."""
    url = make_url(postgres_database_url)
    name = f"limited_{uuid.uuid4().hex[:12]}"
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'secret' NOCREATEDB"))
        connection.execute(text("ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC"))
        connection.execute(text("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO PUBLIC"))
        connection.execute(text("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO PUBLIC"))
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    yield url.set(username=name, password="secret")
    with engine.connect() as connection:
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))
    engine.dispose()


def test_role_that_may_create_nothing_runs_workflows_on_tables_that_were_migrated_before(
    postgres_database_url: str, role: URL
) -> None:
    limited = role.render_as_string(hide_password=False)
    config: DBOSConfig = {"name": "limited", "database_url": limited, "log_level": "ERROR"}
    DBOS(config=config)
    with pytest.raises(DBOSInitializationError, match="permission denied"):
        DBOS.launch()
    DBOS.destroy()
    assert main(["migrate", "--database-url", postgres_database_url]) == 0
    DBOS(config=config)
    DBOS.launch()
    try:

        @DBOS.workflow()
        def talking() -> object:
            DBOS.set_event("key", 1)
            DBOS.send(DBOS.workflow_id, "hello")
            return DBOS.recv()

        assert talking() == "hello"
    finally:
        DBOS.destroy(destroy_registry=True)


def test_role_that_may_not_create_a_missing_database_is_told_so(role: URL) -> None:
    missing = role.set(database="not_there").render_as_string(hide_password=False)
    DBOS(config={"name": "limited", "database_url": missing, "log_level": "ERROR"})
    try:
        with pytest.raises(DBOSInitializationError, match=r"'not_there' does not exist.*may not create it") as refused:
            DBOS.launch()
        assert "secret" not in str(refused.value)
    finally:
        DBOS.destroy()
