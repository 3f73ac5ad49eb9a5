"""Everything that the first release stores."""

from __future__ import annotations

from typing import cast

from alembic import context, op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text, text

from dbos_typed.storage.schema import Names

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    names = cast("Names", context.config.attributes["names"])
    schema, prefix = names.schema, names.prefix
    sequence = BigInteger().with_variant(Integer, "sqlite")
    workflow_id = f"{prefix}workflows.workflow_id" if schema is None else f"{schema}.{prefix}workflows.workflow_id"
    op.create_table(
        f"{prefix}workflows",
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
        schema=schema,
    )
    op.create_index(f"{prefix}workflows_created", f"{prefix}workflows", ["created_at", "workflow_id"], schema=schema)
    is_pending = text("status = 'PENDING'")
    op.create_index(
        f"{prefix}workflows_pending",
        f"{prefix}workflows",
        ["executor_id", "app_version"],
        schema=schema,
        postgresql_where=is_pending,
        sqlite_where=is_pending,
    )
    is_waiting = text("status = 'ENQUEUED'")
    op.create_index(
        f"{prefix}workflows_waiting",
        f"{prefix}workflows",
        ["queue_name", "priority", "queue_order"],
        schema=schema,
        postgresql_where=is_waiting,
        sqlite_where=is_waiting,
    )
    is_running = text("status = 'PENDING' AND queue_name IS NOT NULL")
    op.create_index(
        f"{prefix}workflows_running",
        f"{prefix}workflows",
        ["queue_name", "run_token"],
        schema=schema,
        postgresql_where=is_running,
        sqlite_where=is_running,
    )
    is_queued = text("queue_name IS NOT NULL")
    op.create_index(
        f"{prefix}workflows_started",
        f"{prefix}workflows",
        ["queue_name", "started_at"],
        schema=schema,
        postgresql_where=is_queued,
        sqlite_where=is_queued,
    )
    is_deduplicated = text("deduplication_id IS NOT NULL")
    op.create_index(
        f"{prefix}workflows_deduplicated",
        f"{prefix}workflows",
        ["queue_name", "deduplication_id"],
        unique=True,
        schema=schema,
        postgresql_where=is_deduplicated,
        sqlite_where=is_deduplicated,
    )
    op.create_table(
        f"{prefix}steps",
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
        schema=schema,
        sqlite_with_rowid=False,
    )
    op.create_table(
        f"{prefix}messages",
        Column("seq", sequence, primary_key=True, autoincrement=True),
        Column("message_id", Text, nullable=False, unique=True),
        Column("destination_id", Text, ForeignKey(workflow_id, ondelete="CASCADE"), nullable=False),
        Column("topic", Text),
        Column("payload", Text, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("taken_by", Integer, comment="the step number that received it"),
        schema=schema,
    )
    op.create_index(
        f"{prefix}messages_inbox", f"{prefix}messages", ["destination_id", "taken_by", "seq"], schema=schema
    )
    op.create_table(
        f"{prefix}events",
        Column("workflow_id", Text, ForeignKey(workflow_id, ondelete="CASCADE"), primary_key=True),
        Column("key", Text, primary_key=True),
        Column("value", Text, nullable=False),
        Column("updated_at", BigInteger, nullable=False),
        schema=schema,
    )
    op.create_table(
        f"{prefix}streams",
        Column("workflow_id", Text, ForeignKey(workflow_id, ondelete="CASCADE"), primary_key=True),
        Column("key", Text, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("write_id", Text, nullable=False, unique=True),
        Column("value", Text, comment="NULL: the stream was closed"),
        Column("created_at", BigInteger, nullable=False),
        schema=schema,
    )
    op.create_table(
        f"{prefix}executors",
        Column("executor_id", Text, primary_key=True),
        Column("app_version", Text, nullable=False),
        Column("host", Text, nullable=False),
        Column("pid", Integer, nullable=False),
        Column("seen_at", BigInteger, nullable=False),
        schema=schema,
    )
