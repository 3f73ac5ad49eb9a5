"""The throw-away server keeps its promises: it forgets nothing while it runs and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.postgres_server import create_database, database_url, drop_database, libpq_url, running_postgres

ROOT = Path(__file__).parents[2]
_STOP_TIMEOUT_SECONDS = 30.0


def _data_directory(url: str) -> Path:
    with psycopg.connect(libpq_url(url)) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    return Path(row[0])


def _listens(url: str) -> bool:
    port = make_url(url).port
    assert port is not None
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_server_is_stopped_and_removed_at_the_end_of_the_block() -> None:
    with running_postgres() as url:
        data = _data_directory(url)
    assert not _listens(url)
    assert not data.parent.exists()


def test_server_is_stopped_and_removed_when_the_block_raises() -> None:
    urls: list[str] = []

    def fail() -> None:
        with running_postgres() as url:
            urls.append(url)
            raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        fail()
    assert not _listens(urls[0])


@pytest.mark.slow
def test_server_stops_and_removes_its_files_when_its_owner_is_killed() -> None:
    program = (
        "from tests.postgres_server import running_postgres as r\nwith r() as url: print(url, flush=True); input()"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        url = owner.stdout.readline().strip()
        data = _data_directory(url)
        os.kill(owner.pid, signal.SIGKILL)
    deadline = time.monotonic() + _STOP_TIMEOUT_SECONDS
    while data.parent.exists() and time.monotonic() < deadline:
        time.sleep(0.01)  # the process waited for is the server's own, not ours: it cannot be joined
    assert not data.parent.exists()
    assert not _listens(url)


def test_default_server_is_durable() -> None:
    with running_postgres() as url, psycopg.connect(libpq_url(url)) as connection:
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    assert settings == [("on",), ("on",)]


def test_given_settings_reach_the_server() -> None:
    with running_postgres({"work_mem": "7MB"}) as url, psycopg.connect(libpq_url(url)) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("7MB",)


def test_every_test_gets_an_empty_database(database_url: str, tmp_path: Path) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        assert not Path(url.database).exists()
    else:
        with psycopg.connect(libpq_url(database_url)) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            ).fetchone()
        assert row == (0,)


def test_dropping_a_database_disconnects_its_users(postgres_url: str) -> None:
    name = "dbos_test_busy"
    create_database(postgres_url, name)
    with psycopg.connect(libpq_url(database_url(postgres_url, name))) as busy:
        drop_database(postgres_url, name)
        with pytest.raises(psycopg.OperationalError):
            busy.execute("SELECT 1")
