"""The statement that takes workflows from a queue, in which every limit is counted."""

from __future__ import annotations

from dbos_typed.storage.dialect import Dialect
from dbos_typed.storage.rows import WORKFLOW_COLUMNS, columns_of


def dequeue_statements(dialect: Dialect) -> tuple[str, str]:
    """What takes workflows from a queue, and what reads those that it took; both with the row of the dequeue.

    Moments are the database's: executors whose clocks differ keep delays and rates together. What an executor runs
    and owns is counted beside the claim itself, so that what was taken and not answered counts as well.
    """
    workflows = dialect.names.full("workflows")
    source = dialect.batch(
        {
            "queue_name": "text",
            "partition_key": "text",
            "names": "json" if dialect.has_notify else "text",
            "skipped": "json" if dialect.has_notify else "text",
            "executor_id": "text",
            "app_version": "text",
            "most": "int",
            "concurrency": "int",
            "worker_concurrency": "int",
            "running": "json" if dialect.has_notify else "text",
            "rate_limit": "int",
            "rate_period_ms": "bigint",
            "first_token": "bigint",
        },
        "rows",
    )
    # What was taken before and not answered is not added to.
    in_partition = "(v.partition_key IS NULL OR {alias}.partition_key = v.partition_key)"
    least = dialect.least
    dequeue = f"""
        WITH v AS (SELECT given.*, {dialect.now_ms} AS now FROM {source} AS given),
        taken AS (
            SELECT EXISTS (
                SELECT 1 FROM {workflows} AS m
                WHERE m.queue_name = v.queue_name AND m.status = 'PENDING'
                    AND m.run_token > v.first_token AND m.run_token <= v.first_token + v.most
            ) AS before
            FROM v
        ),
        room AS (
            SELECT CASE WHEN (SELECT before FROM taken) THEN 0 ELSE {least}(
                v.most,
                CASE WHEN v.concurrency IS NULL THEN v.most ELSE v.concurrency - (
                    SELECT count(*) FROM {workflows} AS r
                    WHERE r.queue_name = v.queue_name AND r.status = 'PENDING' AND {in_partition.format(alias="r")}
                ) END,
                CASE WHEN v.worker_concurrency IS NULL THEN v.most
                ELSE v.worker_concurrency - {dialect.length("v.running")} - (
                    SELECT count(*) FROM {workflows} AS o
                    WHERE o.queue_name = v.queue_name AND o.status = 'PENDING' AND o.executor_id = v.executor_id
                        AND o.app_version = v.app_version AND {in_partition.format(alias="o")}
                        AND CAST(o.run_token AS text) NOT IN (
                            SELECT {dialect.element("k")} FROM {dialect.elements("v.running", "k")}
                        )
                ) END,
                CASE WHEN v.rate_limit IS NULL THEN v.most ELSE v.rate_limit - (
                    SELECT count(*) FROM {workflows} AS s
                    WHERE s.queue_name = v.queue_name AND s.started_at > v.now - v.rate_period_ms
                        AND s.status <> 'ENQUEUED' AND {in_partition.format(alias="s")}
                ) END
            ) END AS size
            FROM v
        ),
        chosen AS (
            SELECT w.workflow_id
            FROM {workflows} AS w, v
            WHERE w.status = 'ENQUEUED' AND w.queue_name = v.queue_name AND w.visible_at <= v.now
                AND (w.app_version IS NULL OR w.app_version = v.app_version)
                AND w.name IN (SELECT {dialect.element("n")} FROM {dialect.elements("v.names", "n")})
                AND w.workflow_id NOT IN (SELECT {dialect.element("k")} FROM {dialect.elements("v.skipped", "k")})
                AND {in_partition.format(alias="w")}
            ORDER BY w.priority, w.queue_order, w.workflow_id
            LIMIT (SELECT CASE WHEN size > 0 THEN size ELSE 0 END FROM room)
            {dialect.skip_locked("w")}
        ),
        numbered AS (
            SELECT workflow_id, row_number() OVER () AS number FROM chosen
        )
        UPDATE {workflows} AS t
        SET status = 'PENDING', run_token = v.first_token + numbered.number, executor_id = v.executor_id,
            app_version = v.app_version, started_at = v.now, updated_at = v.now,
            deadline = CASE WHEN t.deadline IS NULL THEN v.now + t.timeout_ms ELSE t.deadline END
        FROM numbered, v
        WHERE t.workflow_id = numbered.workflow_id"""
    dequeued = f"""
        SELECT {columns_of("w", WORKFLOW_COLUMNS)}
        FROM {workflows} AS w JOIN {source} AS v ON w.queue_name = v.queue_name AND w.status = 'PENDING'
            AND w.run_token > v.first_token AND w.run_token <= v.first_token + v.most
        ORDER BY w.run_token"""
    return dequeue, dequeued
