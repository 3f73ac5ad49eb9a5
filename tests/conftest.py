"""Databases for tests: `postgres_url` (a server) and `database_url` (a fresh one, SQLite and PostgreSQL in turn)."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.postgres_server import FORGETFUL, fresh_database, running_postgres

_SERVER_VARIABLE = "DBOS_TEST_POSTGRES_URL"

# A busy machine makes an example slow without making the code wrong.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")

_RECURSION_LIMIT = sys.getrecursionlimit()


def pytest_runtest_setup() -> None:
    """Undo what mypy does to a process in which it runs: what is nested too deeply depends on it."""
    sys.setrecursionlimit(_RECURSION_LIMIT)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy URL of a PostgreSQL server on which databases may be created.

    The one that DBOS_TEST_POSTGRES_URL names, else one that is started for this process and removed after it.
    """
    given = os.environ.get(_SERVER_VARIABLE)
    if given:
        yield given
    else:
        with running_postgres(FORGETFUL) as url:
            yield url


@pytest.fixture
def sqlite_database_url(tmp_path: Path) -> str:
    """SQLAlchemy URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'dbos.sqlite'}"


@pytest.fixture
def postgres_database_url(postgres_url: str) -> Iterator[str]:
    """SQLAlchemy URL of a new, empty PostgreSQL database, dropped after the test."""
    with fresh_database(postgres_url, prefix="dbos_test") as url:
        yield url


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgres", marks=pytest.mark.postgres),
    ]
)
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy URL of a fresh database; the test runs once on each kind (`-m sqlite`, `-k postgres` choose one)."""
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url
