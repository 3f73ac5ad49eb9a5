"""What one connection finds out about a server that fell silent counts for the others that were made before."""

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import OperationalError

from dbos_typed.storage.postgres import open_postgres
from tests.faults.proxy import proxy


def _driver_of_a_new_use(engine: Engine) -> object:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        return connection.connection.driver_connection


def test_connections_older_than_one_that_was_found_dead_are_replaced_before_they_are_used(postgres_url: str) -> None:
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    with proxy(url.port or 5432) as opened:
        engine = open_postgres(url.set(host="127.0.0.1", port=opened.port), pool_size=3, silence_seconds=0.2)
        with engine.connect() as first, engine.connect() as second:
            old = {first.connection.driver_connection, second.connection.driver_connection}
        assert _driver_of_a_new_use(engine) in old
        opened.drop()
        opened.restore()
        with pytest.raises(OperationalError, match="silent"):
            _driver_of_a_new_use(engine)
        # The other one is as dead, and asking it would take as long again.
        assert _driver_of_a_new_use(engine) not in old
        engine.dispose()
