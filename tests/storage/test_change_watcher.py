"""How writes of other processes are noticed on SQLite, which pushes no signals."""

from collections.abc import Hashable

from dbos_typed.core.writes import CreateWorkflow
from dbos_typed.storage.dialect import WriterConnection
from dbos_typed.storage.sqlite import SqliteWriter
from tests.storage.builders import workflow
from tests.storage.conftest import Store


def _version(store: Store) -> Hashable:
    def read(connection: WriterConnection) -> Hashable:
        assert isinstance(connection, SqliteWriter)
        return connection.data_version()

    return store.database.journal.with_connection(read)


def _lose(connection: WriterConnection) -> None:
    raise ConnectionError(connection)


def test_version_changes_with_every_write_of_another_and_only_then(sqlite_store: Store) -> None:
    before = _version(sqlite_store)
    assert before is not None
    sqlite_store.create()
    assert _version(sqlite_store) == before
    sqlite_store.together(CreateWorkflow(workflow=workflow()))
    assert _version(sqlite_store) not in {before, None}


def test_write_is_noticed_although_the_connection_was_lost_before_it(sqlite_store: Store) -> None:
    before = _version(sqlite_store)
    sqlite_store.database.journal.with_connection(_lose)
    assert _version(sqlite_store) not in {before, None}
