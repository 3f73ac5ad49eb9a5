"""The record of a transaction in the application's own database, when its commit was not answered."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from dbos_typed.core.ports import StepOwner, TransactionBody, Unconfirmed
from dbos_typed.core.writes import RecordedStep
from dbos_typed.records import StepKind
from dbos_typed.storage.application import ApplicationDatabase, open_application_database
from dbos_typed.storage.connecting import Access
from dbos_typed.storage.database import open_database
from tests.storage.builders import recorded, workflow

ISOLATION = "READ COMMITTED"
logger = logging.getLogger("tests.storage")


class UnluckyError(Exception):
    """What the application's function raises when it finds what it wrote itself."""


@pytest.fixture
def application(postgres_database_url: str) -> Iterator[ApplicationDatabase]:
    access = Access(schema="dbos_typed", pool_size=5)
    system = open_database(postgres_database_url, access, publish=lambda _: None, logger=logger)
    database = open_application_database(postgres_database_url, access, journal=system.journal, logger=logger)
    try:
        yield database
    finally:
        database.close()
        system.close()


@pytest.mark.postgres
def test_commit_that_was_under_way_counts_and_not_the_error_that_it_caused(
    application: ApplicationDatabase, postgres_database_url: str
) -> None:
    record = recorded(workflow(), name="pay", kind=StepKind.TRANSACTION, output='"paid"')
    other = create_engine(make_url(postgres_database_url).set(drivername="postgresql+psycopg"))

    def commit_meanwhile(_: Any) -> tuple[RecordedStep, str]:
        step = record.step
        insert = (
            "INSERT INTO dbos_typed.transactions (workflow_id, number, name, output, started_at, created_at) "
            "VALUES (:id, :number, 'pay', :output, 1, 1)"
        )
        with other.begin() as connection:
            connection.execute(text(insert), {"id": step.workflow_id, "number": step.number, "output": step.output})
        raise UnluckyError

    body = TransactionBody(commit_meanwhile, StepOwner(record.step.workflow_id, record.step.number), has_record=True)
    try:
        known = application.transactor.transact(body, isolation_level=ISOLATION, read_only=False)
    finally:
        other.dispose()
    assert isinstance(known, Unconfirmed)
    assert known.step.output == '"paid"'
    assert not known.is_fresh


@pytest.mark.postgres
def test_error_of_a_transaction_of_which_nothing_is_recorded_is_its_own(application: ApplicationDatabase) -> None:
    def fail(_: Any) -> tuple[None, None]:
        raise UnluckyError

    body = TransactionBody(fail, StepOwner("nobody", 1))
    with pytest.raises(UnluckyError):
        application.transactor.transact(body, isolation_level=ISOLATION, read_only=False)
