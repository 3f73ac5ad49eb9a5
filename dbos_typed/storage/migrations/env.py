"""Runs migrations on the connection that the caller holds the migration lock with."""

from __future__ import annotations

from typing import cast

from alembic import context
from sqlalchemy import Connection

from dbos_typed.storage.migrate import VERSION_TABLE
from dbos_typed.storage.schema import Names

connection = cast("Connection", context.config.attributes["connection"])
names = cast("Names", context.config.attributes["names"])

context.configure(
    connection=connection,
    version_table=f"{names.prefix}{VERSION_TABLE}",
    version_table_schema=names.schema,
    transactional_ddl=False,
)
context.run_migrations()
