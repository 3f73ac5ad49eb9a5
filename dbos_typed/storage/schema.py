"""The tables of the system database."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.types import TypeEngine

SCHEMA_VERSION = "0002"
"""The newest migration that this code knows."""

# An INTEGER PRIMARY KEY counts by itself in SQLite, a BIGINT one does not.
_SEQUENCE: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True, slots=True)
class Names:
    """Full table names: in a schema of their own where the database has schemas, with a prefix elsewhere."""

    schema: str | None
    prefix: str

    def full(self, table: str) -> str:
        # Quoted, for capitals and for reserved words.
        return f'"{self.schema}".{self.prefix}{table}' if self.schema is not None else f"{self.prefix}{table}"


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables under one set of names."""

    metadata: MetaData
    workflows: Table
    steps: Table
    messages: Table
    events: Table
    streams: Table
    executors: Table

    def all(self) -> list[Table]:
        return [getattr(self, field.name) for field in fields(self) if field.name != "metadata"]


@cache
def tables(names: Names) -> Tables:
    """The current schema, as the newest migration leaves it."""
    metadata = MetaData(schema=names.schema)
    workflows = Table(
        f"{names.prefix}workflows",
        metadata,
        Column("workflow_id", Text, primary_key=True),
        Column("status", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("class_name", Text),
        Column("config_name", Text),
        Column("inputs", Text, nullable=False),
        Column("output", Text),
        Column("error", Text),
        Column("auth_user", Text),
        Column("auth_roles", Text),
        Column("assumed_role", Text),
        Column("queue_name", Text),
        Column("deduplication_id", Text),
        Column("priority", Integer, nullable=False, server_default=text("0")),
        Column("partition_key", Text),
        Column("executor_id", Text),
        Column("app_version", Text),
        Column("run_token", BigInteger, nullable=False),
        Column("recovery_attempts", Integer, nullable=False, server_default=text("0")),
        Column("parent_workflow_id", Text),
        Column("trace_context", Text),
        Column("request", Text),
        Column("timeout_ms", BigInteger),
        Column("deadline", BigInteger),
        Column("visible_at", BigInteger, nullable=False, server_default=text("0")),
        Column("queue_order", BigInteger, nullable=False, server_default=text("0")),
        Column("created_at", BigInteger, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
        Column("started_at", BigInteger),
    )
    is_pending = text("status = 'PENDING'")
    Index(f"{names.prefix}workflows_created", workflows.c.created_at, workflows.c.workflow_id)
    Index(
        f"{names.prefix}workflows_pending",
        workflows.c.executor_id,
        workflows.c.app_version,
        postgresql_where=is_pending,
        sqlite_where=is_pending,
    )
    is_waiting = text("status = 'ENQUEUED'")
    Index(
        f"{names.prefix}workflows_waiting",
        workflows.c.queue_name,
        workflows.c.priority,
        workflows.c.queue_order,
        postgresql_where=is_waiting,
        sqlite_where=is_waiting,
    )
    is_running = text("status = 'PENDING' AND queue_name IS NOT NULL")
    Index(
        f"{names.prefix}workflows_running",
        workflows.c.queue_name,
        workflows.c.run_token,
        postgresql_where=is_running,
        sqlite_where=is_running,
    )
    is_queued = text("queue_name IS NOT NULL")
    Index(
        f"{names.prefix}workflows_started",
        workflows.c.queue_name,
        workflows.c.started_at,
        postgresql_where=is_queued,
        sqlite_where=is_queued,
    )
    is_deduplicated = text("deduplication_id IS NOT NULL")
    Index(
        f"{names.prefix}workflows_deduplicated",
        workflows.c.queue_name,
        workflows.c.deduplication_id,
        unique=True,
        postgresql_where=is_deduplicated,
        sqlite_where=is_deduplicated,
    )
    workflow_id = f"{workflows.fullname}.workflow_id"
    steps = Table(
        f"{names.prefix}steps",
        metadata,
        Column("workflow_id", Text, ForeignKey(workflow_id, ondelete="CASCADE"), primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("name", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("output", Text),
        Column("error", Text),
        Column("child_id", Text),
        Column("args_digest", Text),
        Column("started_at", BigInteger, nullable=False),
        Column("completed_at", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    messages = Table(
        f"{names.prefix}messages",
        metadata,
        Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
        Column("message_id", Text, nullable=False, unique=True),
        Column("destination_id", Text, ForeignKey(workflow_id, ondelete="CASCADE"), nullable=False),
        Column("topic", Text),
        Column("payload", Text, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("taken_by", Integer, comment="the step number that received it"),
    )
    Index(f"{names.prefix}messages_inbox", messages.c.destination_id, messages.c.taken_by, messages.c.seq)
    events = Table(
        f"{names.prefix}events",
        metadata,
        Column("workflow_id", Text, ForeignKey(workflow_id, ondelete="CASCADE"), primary_key=True),
        Column("key", Text, primary_key=True),
        Column("value", Text, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
    )
    streams = Table(
        f"{names.prefix}streams",
        metadata,
        Column("workflow_id", Text, ForeignKey(workflow_id, ondelete="CASCADE"), primary_key=True),
        Column("key", Text, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("write_id", Text, nullable=False, unique=True),
        Column("value", Text, comment="NULL: the stream was closed"),
        Column("created_at", BigInteger, nullable=False),
    )
    executors = Table(
        f"{names.prefix}executors",
        metadata,
        Column("executor_id", Text, primary_key=True),
        Column("app_version", Text, nullable=False),
        Column("host", Text, nullable=False),
        Column("pid", Integer, nullable=False),
        Column("seen_at", BigInteger, nullable=False),
        Column("launch_id", Text, nullable=False, server_default=text("''")),
        Column("started_at", BigInteger, nullable=False, server_default=text("0")),
        Column("lease_ms", BigInteger, nullable=False, server_default=text("30000")),
        Column("lock_name", Text),
    )
    return Tables(metadata, workflows, steps, messages, events, streams, executors)
