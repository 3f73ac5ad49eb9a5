"""A database beside the one of the application under test."""

from collections.abc import Generator
from contextlib import contextmanager

import sqlalchemy as sa

from dbos_typed import DBOS
from dbos_typed.config import sibling_database
from tests.behaviour.app import App
from tests.postgres_server import drop_database


class SecondDatabase:
    """A database that does not exist yet; the engine creates it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.name = sa.make_url(url).database or ""
        self._table = "dbos_transactions" if url.startswith("sqlite") else "dbos_typed.transactions"

    def sql(self, statement: str, **parameters: object) -> list[dict[str, object]]:
        """Run a statement beside the engine. `{records}` in it stands for the table of transaction records."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            result = connection.execute(sa.text(statement.replace("{records}", self._table)), parameters)
            return [dict(row) for row in result.mappings()] if result.returns_rows else []


@contextmanager
def second_database(app: App) -> Generator[SecondDatabase]:
    """A database for the block; the engine is stopped at its end."""
    first = sa.make_url(app.database_url)
    name = f"{first.database}_second" if not app.is_sqlite else "second.sqlite"
    url = sibling_database(app.database_url, name)
    try:
        yield SecondDatabase(url)
    finally:
        DBOS.destroy()
        if not app.is_sqlite:
            drop_database(app.database_url, name)
