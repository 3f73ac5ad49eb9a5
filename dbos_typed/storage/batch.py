"""Applying a batch of writes in one transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from dbos_typed.core.ports import Signal
from dbos_typed.core.writes import (
    CancelWorkflow,
    ClaimWorkflow,
    CreateWorkflow,
    FinishWorkflow,
    SendMessage,
    Write,
    WriteStream,
)
from dbos_typed.storage.answers import (
    UNKNOWN,
    Answer,
    Effects,
    Present,
    StepKey,
    answer,
    explain,
    recorded_step,
    signals_of,
)
from dbos_typed.storage.dialect import Dialect, Statement, WriterConnection
from dbos_typed.storage.executors import ExecutorStatements, executor_record, owner_records
from dbos_typed.storage.grouping import Grouped, dequeue_row
from dbos_typed.storage.rows import (
    STEP_COLUMNS,
    WORKFLOW_COLUMNS,
    Row,
    Rows,
    as_json,
    step_record,
    workflow_record,
)
from dbos_typed.storage.statements import Statements

NOTIFY_LIMIT_BYTES = 7900
"""PostgreSQL refuses payloads of 8000 bytes."""


_Keep: TypeAlias = Callable[[Effects, Rows], None]
_Plan: TypeAlias = list[tuple[Statement, _Keep]]


class Batch:
    """Applies batches on one connection."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._statements = Statements(dialect)
        self._of_executors = ExecutorStatements(dialect)

    def apply(self, connection: WriterConnection, writes: Sequence[Write[Any]]) -> tuple[list[Answer], list[Signal]]:
        """Make the writes durable in one transaction.

        The answers stand in the order of the writes; the signals are for the subscribers of this process (those for
        other processes were sent with the transaction).
        """
        grouped = Grouped()
        for position, write in enumerate(writes):
            grouped.add(write, position)
        plan = self._plan(grouped)
        results = connection.run([statement for statement, _ in plan])
        effects = Effects()
        for (_, keep), rows in zip(plan, results, strict=True):
            keep(effects, rows)
        # Two runs record one step in one batch: the rows do not tell whose it is, the stored record does.
        effects.steps -= grouped.contested
        answers = [answer(write, effects) for write in writes]
        unexplained = [write for write, known in zip(writes, answers, strict=True) if known is UNKNOWN]
        if unexplained:
            present = self._look_up(connection, unexplained)
            answers = [
                explain(write, effects, present) if known is UNKNOWN else known
                for write, known in zip(writes, answers, strict=True)
            ]
        return answers, signals_of(writes, effects)

    def _plan(self, grouped: Grouped) -> _Plan:
        """The statements of a batch in an order in which each finds what it refers to."""
        sql = self._statements
        plan = self._dequeues(grouped)
        plan += _together(
            (sql.claim, grouped.claims, _keep_claimed),
            (sql.create, grouped.creates, _keep_created),
            (sql.copy_steps, grouped.copies, _keep_nothing),
            (sql.copy_events, grouped.copies, _keep_nothing),
            *((sql.take_turns, rows, _keep_nothing) for rows in _contended(grouped) if sql.take_turns is not None),
            (sql.send, grouped.sends, _keep_sent),
            # An event set twice in one batch: the statement may touch a row once only, so each goes alone.
            *((sql.set_event, rows, _keep_nothing) for rows in _distinct(grouped.events)),
            # Each value goes alone: the next one's position follows from it.
            *((sql.write_stream, [row], _keep_streamed) for row in grouped.streams),
            (sql.steps, grouped.steps, _keep_steps),
        )
        for take in grouped.takes:
            plan += _together((sql.take, [take], _keep_nothing), (sql.record_take, [take], _keep_taken))
        plan += _together(
            (sql.finish, grouped.finishes, _keep_finished),
            (sql.release, grouped.releases, _keep_nothing),
            (sql.cancel, grouped.cancels, _keep_cancelled),
            (sql.delete, grouped.deletes, _keep_nothing),
            (sql.delete_ended, grouped.expiries, _keep_nothing),
        )
        plan += self._executors(grouped)
        if self._dialect.has_notify:
            plan.extend((statement, _keep_nothing) for statement in self._notifications(grouped.signals))
        return plan

    def _executors(self, grouped: Grouped) -> _Plan:
        sql = self._of_executors
        plan = _together(
            (sql.farewell, grouped.farewells, _keep_nothing),
            (sql.renew, grouped.heartbeats, _keep_nothing),
            (sql.claim, grouped.heartbeats, _keep_nothing),
            (sql.holder, grouped.heartbeats, self._keep_holders),
            (sql.owners, grouped.heartbeats, self._keep_owners),
        )
        if plan:
            plan.append((Statement(sql.remove, {}), self._remove_locks))
        return plan

    def _keep_holders(self, effects: Effects, rows: Rows) -> None:
        found = (executor_record(row, self._dialect) for row in rows)
        effects.holders = {record.executor_id: record for record in found}

    def _keep_owners(self, effects: Effects, rows: Rows) -> None:
        effects.owners = owner_records(rows, self._dialect)

    def _remove_locks(self, _: Effects, rows: Rows) -> None:
        for row in rows:
            if isinstance(row[0], str):
                self._dialect.remove_lock(row[0])

    def _dequeues(self, grouped: Grouped) -> _Plan:
        """Queue locks come first: a transaction that waits for one holds nothing that another waits for."""
        sql = self._statements
        plan: _Plan = []
        for write in sorted(grouped.dequeues, key=lambda dequeue: (dequeue.turn or "", dequeue.partition_key or "")):
            rows = as_json([dequeue_row(write)])
            if write.turn is not None and self._dialect.has_queue_locks:
                plan.append((Statement(sql.lock_queue, {"rows": write.turn}), _keep_nothing))
            plan.append((Statement(sql.dequeue, {"rows": rows}), _keep_nothing))
            plan.append((Statement(sql.dequeued, {"rows": rows}), _keep_dequeued(write.first_token)))
        return plan

    def _notifications(self, signals: Iterable[Signal]) -> Iterable[Statement]:
        """Statements that send the signals to other processes, as few as the payload limit allows."""
        payload: list[str] = []
        size = 2
        for signal in signals:
            text = json.dumps(signal, separators=(",", ":"))
            if payload and size + len(text) + 1 > NOTIFY_LIMIT_BYTES:
                yield self._notification(payload)
                payload, size = [], 2
            if len(text) <= NOTIFY_LIMIT_BYTES - 2:
                payload.append(text)
                size += len(text) + 1
        if payload:
            yield self._notification(payload)

    def _notification(self, payload: list[str]) -> Statement:
        return Statement(self._statements.notify, {"channel": self._dialect.channel, "rows": f"[{','.join(payload)}]"})

    def _look_up(self, connection: WriterConnection, writes: Sequence[Write[Any]]) -> Present:
        """What stands in the way of the writes that took no effect."""
        ids: set[str] = set()
        numbers: set[StepKey] = set()
        for write in writes:
            recorded = recorded_step(write)
            if recorded is not None:
                ids.add(recorded.step.workflow_id)
                numbers.add((recorded.step.workflow_id, recorded.step.number))
            if isinstance(write, CreateWorkflow):
                ids.add(write.workflow.workflow_id)
            elif isinstance(write, FinishWorkflow | CancelWorkflow | ClaimWorkflow | WriteStream):
                ids.add(write.workflow_id)
            elif isinstance(write, SendMessage):
                ids.add(write.destination_id)
        rows = connection.run(
            [
                _statement(self._statements.workflows_by_id, [{"workflow_id": workflow_id} for workflow_id in ids]),
                _statement(
                    self._statements.steps_by_number,
                    [{"workflow_id": workflow_id, "number": number} for workflow_id, number in numbers],
                ),
            ]
        )
        workflows = (workflow_record(dict(zip(WORKFLOW_COLUMNS, row, strict=True))) for row in rows[0])
        steps = (step_record(dict(zip(STEP_COLUMNS, row, strict=True))) for row in rows[1])
        return Present(
            workflows={workflow.workflow_id: workflow for workflow in workflows},
            steps={(step.workflow_id, step.number): step for step in steps},
        )


def _together(*groups: tuple[str, Sequence[Row], _Keep]) -> _Plan:
    """One statement for each group that has rows."""
    return [(_statement(sql, rows), keep) for sql, rows, keep in groups if rows]


def _statement(sql: str, rows: Sequence[Row]) -> Statement:
    return Statement(sql, {"rows": as_json(rows)})


def _contended(grouped: Grouped) -> Iterable[list[Row]]:
    """The workflows of whose messages or streams the next one is asked for."""
    workflow_ids = {str(row["workflow_id"]) for row in (*grouped.streams, *grouped.takes)}
    if workflow_ids:
        yield [{"workflow_id": workflow_id} for workflow_id in workflow_ids]


def _distinct(rows: list[Row]) -> Iterable[list[Row]]:
    """Split rows into runs in which no (workflow, key) comes twice, in order."""
    run: list[Row] = []
    seen: set[tuple[object, object]] = set()
    for row in rows:
        key = (row["workflow_id"], row["key"])
        if key in seen:
            yield run
            run, seen = [], set()
        run.append(row)
        seen.add(key)
    if run:
        yield run


# --- effects: the rows that statements return -------------------------------------------------------------------------


def _keep_nothing(_: Effects, __: Rows) -> None:
    """The statement's effect is seen in the record that follows it."""


def _keep_created(effects: Effects, rows: Rows) -> None:
    effects.created.update((str(row[0]), int(row[1] or 0)) for row in rows)


def _keep_finished(effects: Effects, rows: Rows) -> None:
    effects.finished.update((str(row[0]), int(row[1] or 0)) for row in rows)


def _keep_steps(effects: Effects, rows: Rows) -> None:
    effects.steps.update((str(row[0]), int(row[1] or 0)) for row in rows)


def _keep_sent(effects: Effects, rows: Rows) -> None:
    effects.sent.update(str(row[0]) for row in rows)


def _keep_streamed(effects: Effects, rows: Rows) -> None:
    effects.streamed.update(str(row[0]) for row in rows)


def _keep_taken(effects: Effects, rows: Rows) -> None:
    for row in rows:
        step = step_record(dict(zip(STEP_COLUMNS, row, strict=True)))
        effects.taken[step.workflow_id, step.number] = step


def _keep_cancelled(effects: Effects, rows: Rows) -> None:
    # A token that is none is nobody's, and no reason for the other cancellations to fail.
    effects.cancelled.update((str(row[0]), row[1] if isinstance(row[1], int) else 0) for row in rows)


def _keep_dequeued(first_token: int) -> Callable[[Effects, Rows], None]:
    def keep(effects: Effects, rows: Rows) -> None:
        effects.dequeued[first_token] = [workflow_record(dict(zip(WORKFLOW_COLUMNS, row, strict=True))) for row in rows]

    return keep


def _keep_claimed(effects: Effects, rows: Rows) -> None:
    for row in rows:
        workflow = workflow_record(dict(zip(WORKFLOW_COLUMNS, row, strict=True)))
        effects.claimed[workflow.workflow_id, workflow.run_token] = workflow
