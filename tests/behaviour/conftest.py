"""One database of each kind for all cases: each case leaves it empty."""

from collections.abc import Iterator

import pytest

from tests.postgres_server import fresh_database


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_url: str) -> Iterator[str]:
    with fresh_database(postgres_url, prefix="dbos_behaviour") as url:
        yield url


@pytest.fixture(scope="session")
def shared_sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('behaviour') / 'shared.sqlite'}"
