"""Who holds an executor id, until when, and by which lock others see that it lives."""

from __future__ import annotations

from typing import cast

from alembic import context, op
from sqlalchemy import BigInteger, Column, Text, text

from dbos_typed.storage.schema import Names

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; what an executor of the first release wrote has a lease and no lock."""
    names = cast("Names", context.config.attributes["names"])
    table, schema = f"{names.prefix}executors", names.schema
    op.add_column(table, Column("launch_id", Text, nullable=False, server_default=text("''")), schema=schema)
    op.add_column(table, Column("started_at", BigInteger, nullable=False, server_default=text("0")), schema=schema)
    op.add_column(table, Column("lease_ms", BigInteger, nullable=False, server_default=text("30000")), schema=schema)
    op.add_column(table, Column("lock_name", Text), schema=schema)
