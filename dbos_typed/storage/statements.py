"""The journal's statements. Each takes a whole batch as one JSON parameter named `rows` and returns what took effect.

They are text and not SQLAlchemy expressions because they run on the bare driver connection: building and compiling them
anew would cost more than running them.
"""

from __future__ import annotations

from dbos_typed.core.ports import QUEUE_SIGNAL
from dbos_typed.storage.dequeueing import dequeue_statements
from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.rows import STEP_COLUMNS, WORKFLOW_COLUMNS, columns_of

_OWNED = "{alias}.status = 'PENDING' AND {alias}.run_token = {token}"


def owned(alias: str, token: str) -> str:
    """That the workflow row `alias` is owned by the run with this token."""
    return _OWNED.format(alias=alias, token=token)


class Statements:
    """The statements in one dialect."""

    def __init__(self, dialect: Dialect) -> None:  # a list of texts, no procedure
        names = dialect.names
        workflows, steps = names.full("workflows"), names.full("steps")
        messages, events = names.full("messages"), names.full("events")
        workflow_columns = ", ".join(WORKFLOW_COLUMNS)
        step_columns = ", ".join(STEP_COLUMNS)

        source = dialect.batch(
            {**WORKFLOW_COLUMNS, "caller_id": "text", "caller_token": "bigint", "delay_ms": "bigint"}, "rows"
        )
        # When its turn comes is decided between processes, whose clocks may differ.
        created = {name: f"v.{name}" for name in WORKFLOW_COLUMNS}
        created["visible_at"] = f"CASE WHEN v.delay_ms > 0 THEN {dialect.now_ms} + v.delay_ms ELSE v.visible_at END"
        created["queue_order"] = dialect.queue_order("v")
        self.create = f"""
            INSERT INTO {workflows} ({workflow_columns})
            SELECT {", ".join(created.values())}
            FROM {source} AS v
            LEFT JOIN {workflows} AS p ON p.workflow_id = v.caller_id AND {owned("p", "v.caller_token")}
            WHERE v.caller_id IS NULL OR p.workflow_id IS NOT NULL
            ORDER BY v.queue_order
            ON CONFLICT DO NOTHING
            RETURNING workflow_id, run_token"""  # names and columns are our own

        source = dialect.batch(
            {"workflow_id": "text", "run_token": "bigint", "source_id": "text", "below": "int"}, "rows"
        )
        copied = ", ".join("v.workflow_id" if name == "workflow_id" else f"s.{name}" for name in STEP_COLUMNS)
        self.copy_steps = f"""
            INSERT INTO {steps} ({step_columns})
            SELECT {copied}
            FROM {source} AS v
            JOIN {workflows} AS w ON w.workflow_id = v.workflow_id AND w.run_token = v.run_token
            JOIN {steps} AS s ON s.workflow_id = v.source_id AND s.number < v.below
            WHERE true
            ON CONFLICT DO NOTHING"""
        self.copy_events = f"""
            INSERT INTO {events} (workflow_id, key, value, updated_at)
            SELECT v.workflow_id, e.key, e.value, e.updated_at
            FROM {source} AS v
            JOIN {workflows} AS w ON w.workflow_id = v.workflow_id AND w.run_token = v.run_token
            JOIN {events} AS e ON e.workflow_id = v.source_id
            WHERE e.updated_at <= (
                SELECT max(s.completed_at) FROM {steps} AS s WHERE s.workflow_id = v.source_id AND s.number < v.below
            )
            ON CONFLICT DO NOTHING"""

        source = dialect.batch(
            {
                "workflow_id": "text",
                "run_token": "bigint",
                "status": "text",
                "output": "text",
                "error": "text",
                "at": "bigint",
            },
            "rows",
        )
        self.finish = f"""
            UPDATE {workflows} AS w
            SET status = v.status, output = v.output, error = v.error, updated_at = v.at, deduplication_id = NULL
            FROM {source} AS v
            WHERE w.workflow_id = v.workflow_id AND {owned("w", "v.run_token")}
            {dialect.returning("w", ["workflow_id", "run_token"])}"""

        source = dialect.batch(
            {**STEP_COLUMNS, "run_token": "bigint", "message_id": "text", "child_token": "bigint"}, "rows"
        )
        self.steps = f"""
            INSERT INTO {steps} ({step_columns})
            SELECT {columns_of("v", STEP_COLUMNS)}
            FROM {source} AS v
            JOIN {workflows} AS w ON w.workflow_id = v.workflow_id AND {owned("w", "v.run_token")}
            WHERE (v.message_id IS NULL OR EXISTS (SELECT 1 FROM {messages} AS m WHERE m.message_id = v.message_id))
                AND (v.child_token IS NULL OR EXISTS (
                    SELECT 1 FROM {workflows} AS c WHERE c.workflow_id = v.child_id AND c.run_token = v.child_token
                ))
            ON CONFLICT (workflow_id, number) DO NOTHING
            RETURNING workflow_id, number"""
        self.step_of_transaction = f"{self.steps}, {dialect.transaction_mark}"

        source = dialect.batch(
            {
                "position": "int",
                "message_id": "text",
                "destination_id": "text",
                "topic": "text",
                "payload": "text",
                "at": "bigint",
                "caller_id": "text",
                "caller_token": "bigint",
            },
            "rows",
        )
        self.send = f"""
            INSERT INTO {messages} (message_id, destination_id, topic, payload, created_at)
            SELECT v.message_id, v.destination_id, v.topic, v.payload, v.at
            FROM {source} AS v
            JOIN {workflows} AS d ON d.workflow_id = v.destination_id
            LEFT JOIN {workflows} AS p ON p.workflow_id = v.caller_id AND {owned("p", "v.caller_token")}
            WHERE v.caller_id IS NULL OR p.workflow_id IS NOT NULL
            ORDER BY v.position
            ON CONFLICT (message_id) DO NOTHING
            RETURNING message_id"""

        source = dialect.batch(
            {
                "workflow_id": "text",
                "number": "int",
                "run_token": "bigint",
                "key": "text",
                "value": "text",
                "at": "bigint",
            },
            "rows",
        )
        self.set_event = f"""
            INSERT INTO {events} (workflow_id, key, value, updated_at)
            SELECT v.workflow_id, v.key, v.value, v.at
            FROM {source} AS v
            JOIN {workflows} AS w ON w.workflow_id = v.workflow_id AND {owned("w", "v.run_token")}
            WHERE NOT EXISTS (
                SELECT 1 FROM {steps} AS s WHERE s.workflow_id = v.workflow_id AND s.number = v.number
            )
            ON CONFLICT (workflow_id, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
            RETURNING workflow_id"""

        source = dialect.batch(
            {**STEP_COLUMNS, "run_token": "bigint", "topic": "text"},
            "rows",
        )
        # Who takes messages of one workflow, or appends to its streams, takes turns: each sees what the one before did.
        # In one order everywhere, so that two that wait for each other's workflows do not come about.
        lock = f"""
            SELECT w.workflow_id FROM {workflows} AS w
            WHERE w.workflow_id IN (SELECT v.workflow_id FROM {dialect.batch({"workflow_id": "text"}, "rows")} AS v)
            ORDER BY w.workflow_id
            {dialect.lock_rows("w")}"""
        self.take_turns = lock if dialect.lock_rows("w") else None
        # A message is tied to the step number that receives it; the record is then made of the tied message.
        self.take = f"""
            UPDATE {messages} SET taken_by = v.number
            FROM {source} AS v
            JOIN {workflows} AS w ON w.workflow_id = v.workflow_id AND {owned("w", "v.run_token")}
            WHERE {messages}.seq = (
                SELECT n.seq FROM {messages} AS n
                WHERE n.destination_id = v.workflow_id AND n.taken_by IS NULL AND {dialect.same("n.topic", "v.topic")}
                ORDER BY n.seq LIMIT 1
            ) AND {messages}.taken_by IS NULL AND NOT EXISTS (
                SELECT 1 FROM {steps} AS s WHERE s.workflow_id = v.workflow_id AND s.number = v.number
            )"""
        taken = ", ".join(f"v.{name}" if name != "output" else "m.payload" for name in STEP_COLUMNS)
        self.record_take = f"""
            INSERT INTO {steps} ({step_columns})
            SELECT {taken}
            FROM {source} AS v
            JOIN {messages} AS m ON m.destination_id = v.workflow_id AND m.taken_by = v.number
            JOIN {workflows} AS w ON w.workflow_id = v.workflow_id AND {owned("w", "v.run_token")}
            WHERE true
            ON CONFLICT (workflow_id, number) DO NOTHING
            RETURNING {step_columns}"""

        source = dialect.batch({"workflow_id": "text", "at": "bigint"}, "rows")
        # What has begun counts for the rate of its queue, whatever its end.
        self.cancel = f"""
            UPDATE {workflows} AS w
            SET status = 'CANCELLED', updated_at = v.at, deduplication_id = NULL,
                queue_name = CASE WHEN w.started_at IS NULL THEN NULL ELSE w.queue_name END
            FROM {source} AS v
            WHERE w.workflow_id = v.workflow_id AND w.status IN ('PENDING', 'ENQUEUED')
            {dialect.returning("w", ["workflow_id", "run_token"])}"""
        if dialect.has_notify:
            # Only the row knows the token of the run that is to stop, so the statement itself tells the others.
            self.cancel = f"""
                WITH cancelled AS ({self.cancel})
                SELECT workflow_id, run_token, pg_notify('{dialect.channel}', json_build_array(
                    json_build_array('cancel', workflow_id, run_token::text), json_build_array('done', workflow_id),
                    json_build_array('{QUEUE_SIGNAL[0]}')
                )::text)
                FROM cancelled"""

        source = dialect.batch(
            {
                "workflow_id": "text",
                "expected_token": "bigint",
                "run_token": "bigint",
                "executor_id": "text",
                "app_version": "text",
                "purpose": "text",
                "queue_name": "text",
                "ended_executor": "text",
                "at": "bigint",
            },
            "rows",
        )
        self.claim = f"""
            UPDATE {workflows} AS w
            SET status = CASE WHEN v.queue_name IS NULL THEN 'PENDING' ELSE 'ENQUEUED' END,
                queue_name = CASE WHEN v.queue_name IS NULL THEN w.queue_name ELSE v.queue_name END,
                run_token = v.run_token, executor_id = v.executor_id,
                app_version = CASE
                    WHEN v.queue_name IS NULL THEN v.app_version
                    WHEN EXISTS (
                        SELECT 1 FROM {names.full("executors")} AS e
                        WHERE e.app_version = w.app_version AND e.seen_at >= {dialect.now_ms} - e.lease_ms
                            AND (v.ended_executor IS NULL OR e.executor_id <> v.ended_executor)
                    ) THEN w.app_version
                END,
                recovery_attempts = CASE v.purpose
                    WHEN 'recovery' THEN w.recovery_attempts + 1
                    WHEN 'continuation' THEN w.recovery_attempts
                    ELSE 0
                END,
                deadline = CASE
                    WHEN v.purpose <> 'resumption' THEN w.deadline
                    WHEN v.queue_name IS NULL THEN v.at + w.timeout_ms
                END,
                updated_at = v.at, started_at = v.at
            FROM {source} AS v
            WHERE w.workflow_id = v.workflow_id AND w.run_token = v.expected_token
                AND w.status NOT IN ('SUCCESS', 'ERROR') AND (v.purpose = 'resumption' OR w.status = 'PENDING')
            {dialect.returning("w", list(WORKFLOW_COLUMNS))}"""

        source = dialect.batch(
            {"workflow_id": "text", "run_token": "bigint", "purpose": "text", "at": "bigint"}, "rows"
        )
        self.release = f"""
            UPDATE {workflows} AS w
            SET status = 'ENQUEUED', updated_at = v.at,
                recovery_attempts = CASE WHEN v.purpose = 'recovery' THEN w.recovery_attempts + 1
                    ELSE w.recovery_attempts END,
                started_at = CASE WHEN v.purpose IS NULL THEN NULL ELSE w.started_at END,
                deadline = CASE WHEN v.purpose IS NULL AND w.timeout_ms IS NOT NULL THEN NULL ELSE w.deadline END
            FROM {source} AS v
            WHERE w.workflow_id = v.workflow_id AND {owned("w", "v.run_token")} AND w.queue_name IS NOT NULL"""

        self.delete = f"""
            DELETE FROM {workflows}
            WHERE workflow_id IN (SELECT v.workflow_id FROM {dialect.batch({"workflow_id": "text"}, "rows")} AS v)"""
        ended = dialect.batch({"workflow_id": "text"}, "rows")
        self.delete_ended = f"""
            DELETE FROM {workflows}
            WHERE workflow_id IN (
                SELECT w.workflow_id FROM {ended} AS v JOIN {workflows} AS w ON w.workflow_id = v.workflow_id
                WHERE w.status IN ('SUCCESS', 'ERROR', 'CANCELLED')
                {dialect.skip_locked("w")}
            )"""
        self.workflows_by_id = f"""
            SELECT {workflow_columns} FROM {workflows}
            WHERE workflow_id IN (SELECT v.workflow_id FROM {dialect.batch({"workflow_id": "text"}, "rows")} AS v)"""
        source = dialect.batch({"workflow_id": "text", "number": "int"}, "rows")
        self.steps_by_number = f"""
            SELECT {columns_of("s", STEP_COLUMNS)} FROM {steps} AS s
            JOIN {source} AS v ON s.workflow_id = v.workflow_id AND s.number = v.number"""
        self.dequeue, self.dequeued = dequeue_statements(dialect)
        streams = names.full("streams")
        source = dialect.batch(
            {
                "workflow_id": "text",
                "run_token": "bigint",
                "key": "text",
                "write_id": "text",
                "value": "text",
                "at": "bigint",
            },
            "rows",
        )
        self.write_stream = f"""
            INSERT INTO {streams} (workflow_id, key, position, write_id, value, created_at)
            SELECT v.workflow_id, v.key, coalesce(
                (SELECT max(s.position) + 1 FROM {streams} AS s WHERE s.workflow_id = v.workflow_id AND s.key =
                v.key), 1
            ), v.write_id, v.value, v.at
            FROM {source} AS v
            JOIN {workflows} AS w ON w.workflow_id = v.workflow_id AND {owned("w", "v.run_token")}
            WHERE true
            ON CONFLICT (write_id) DO NOTHING
            RETURNING write_id"""  # names and columns are our own

        self.lock_queue = "SELECT pg_advisory_xact_lock(hashtextextended(%(rows)s, 0))"
        self.notify = "SELECT pg_notify(%(channel)s, %(rows)s)"
