"""One open database of each kind, shared by all tests, which keep apart by using ids of their own."""

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from dbos_typed.core.ports import Signal
from dbos_typed.core.writes import CreateWorkflow, Write
from dbos_typed.records import StepRecord, WorkflowRecord, WorkflowStatusString
from dbos_typed.storage.batch import Batch
from dbos_typed.storage.database import Access, Database, open_database
from dbos_typed.storage.schema import tables
from tests.postgres_server import fresh_database
from tests.storage.builders import cancel, claim, finish, workflow

logger = logging.getLogger("tests.storage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open database and what it published."""

    url: str
    database: Database
    signals: list[Signal] = field(default_factory=list[Signal])

    def write(self, write: Write[Any]) -> Any:
        """Write through the journal."""
        return self.database.journal.write(write)

    def together(self, *writes: Write[Any]) -> list[Any]:
        """Apply the writes as one batch; their answers."""
        with closing(self.database.dialect.connect_writer(self.database.engine)) as connection:
            return Batch(self.database.dialect).apply(connection, writes)[0]

    def create(self, **fields: Any) -> WorkflowRecord:
        """A stored PENDING workflow."""
        record = workflow(**fields)
        assert self.write(CreateWorkflow(workflow=record)) is None
        return record

    def row(self, owner: WorkflowRecord) -> WorkflowRecord | None:
        return self.database.reader.workflow(owner.workflow_id)

    def steps(self, owner: WorkflowRecord) -> dict[int, StepRecord]:
        return dict(self.database.reader.steps([owner.workflow_id])[owner.workflow_id])

    def delete(self, owner: WorkflowRecord) -> None:
        table = tables(self.database.dialect.names).workflows
        with self.database.engine.begin() as connection:
            connection.execute(delete(table).where(table.c.workflow_id == owner.workflow_id))

    def end(self, owner: WorkflowRecord, how: str) -> WorkflowStatusString | None:
        """Take the workflow from the run that owns it in one of ENDINGS; the status that it has then."""
        match how:
            case "cancelled":
                self.write(cancel(owner))
            case "finished":
                self.write(finish(owner))
            case "taken over":
                self.write(claim(owner))
            case "deleted":
                self.delete(owner)
            case other:
                raise AssertionError(other)
        row = self.row(owner)
        return None if row is None else row.status

    def contents(self) -> dict[str, set[tuple[Any, ...]]]:
        """Every row of every table."""
        found = {}
        with self.database.engine.connect() as connection:
            for table in tables(self.database.dialect.names).all():
                found[table.name] = {tuple(row) for row in connection.execute(select(table))}
        return found


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgres", marks=pytest.mark.postgres),
    ],
)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "sqlite":
        yield from _opened(_file_url(tmp_path_factory.mktemp("storage")))
    else:
        with fresh_database(request.getfixturevalue("postgres_url"), prefix="dbos_storage") as url:
            yield from _opened(url)


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """A file that no other test writes to."""
    yield from _opened(_file_url(tmp_path))


def _file_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'storage.sqlite'}"


def _opened(url: str) -> Iterator[Store]:
    signals: list[Signal] = []
    database = open_database(url, Access(schema="dbos_typed", pool_size=5), publish=signals.extend, logger=logger)
    try:
        yield Store(url=url, database=database, signals=signals)
    finally:
        database.close()
