"""Recovery: continuing the workflows that a process left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dbos_typed.core.effects import CommitAll, Query, Spawn
from dbos_typed.core.engine import Engine
from dbos_typed.core.ops.execution import release, stored_run, take_over, takes_up_room
from dbos_typed.core.ports import WorkflowFilter
from dbos_typed.core.registry import Registry
from dbos_typed.core.run import Run
from dbos_typed.core.writes import ClaimPurpose, ReleaseWorkflow
from dbos_typed.error import DBOSRecoveryError
from dbos_typed.records import WorkflowRecord, WorkflowStatusString

CHUNK = 500
"""Workflows that are claimed in one commit and whose records are read in one query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a recovery did."""

    runs: Sequence[Run]
    """Of the workflows that were taken over."""
    put_back: Sequence[Run]
    """Of those that wait for their turn on their queues, where the limits are kept; never begun."""
    failures: Mapping[str, str]
    """Why others could not be, by workflow id: a function that is not registered here, say."""


async def recover(engine: Engine, executor_ids: Sequence[str], told: Mapping[str, str]) -> Recovered:
    """Run the PENDING workflows of these executors and of this version here.

    What came from a queue that limits how many run is put back in its place, and taken from there as places are free.
    So is what cannot be recovered there; elsewhere it is left as it is. Either is logged unless `told` has the failure,
    and the others are not held up by it.
    """
    condition = WorkflowFilter(
        statuses=[WorkflowStatusString.PENDING], executor_ids=executor_ids, app_version=engine.app_version
    )
    rows = await Query(lambda reader: reader.workflows(condition))

    def purpose_of(row: WorkflowRecord) -> ClaimPurpose | None:
        return None if engine.runs.is_active(row.workflow_id) else ClaimPurpose.RECOVERY

    recovered = await _recover(engine, rows, told, purpose_of, _must_wait)
    if recovered.runs or recovered.put_back:
        count, waiting = len(recovered.runs), len(recovered.put_back)
        more = f" {waiting} more have their turn on their queues." if waiting else ""
        engine.logger.info("Recovered %d workflows.%s", count, more)
    return recovered


def _must_wait(engine: Engine, row: WorkflowRecord, run: Run) -> bool:
    """Whether a workflow that is recovered has to wait for its turn; one that is set aside instead has not."""
    if not takes_up_room(engine, row.queue_name):
        return False
    most = run.definition.max_recovery_attempts
    return most is None or row.recovery_attempts < most


async def run_orphans(engine: Engine, workflow_ids: Sequence[str], told: Mapping[str, str]) -> Recovered:
    """Run the workflows among these that are PENDING, owned by this executor and run by nobody.

    An attempt is counted for those whose run stopped without an outcome or could not be made before. They have had
    their turn: what this executor owns counts for the limits of its queues whether it is run or not.
    """
    condition = WorkflowFilter(
        workflow_ids=workflow_ids,
        statuses=[WorkflowStatusString.PENDING],
        executor_ids=[engine.executor_id],
        app_version=engine.app_version,
    )
    rows = await Query(lambda reader: reader.workflows(condition))

    def purpose_of(row: WorkflowRecord) -> ClaimPurpose | None:
        if not engine.runs.orphans({row.workflow_id: row.run_token}):
            return None
        is_counted = row.workflow_id in told or engine.runs.has_stopped(row.workflow_id, row.run_token)
        return ClaimPurpose.RECOVERY if is_counted else ClaimPurpose.CONTINUATION

    recovered = await _recover(engine, rows, told, purpose_of)
    if recovered.runs:
        engine.logger.info("Begun anew: %d workflows that were PENDING here and run by nobody.", len(recovered.runs))
    return recovered


async def _recover(
    engine: Engine,
    rows: Sequence[WorkflowRecord],
    told: Mapping[str, str],
    purpose_of: Callable[[WorkflowRecord], ClaimPurpose | None],
    must_wait: Callable[[Engine, WorkflowRecord, Run], bool] | None = None,
) -> Recovered:
    """Take over the rows that have a purpose, and run them or put them back on their queues."""
    recovered: list[Run] = []
    put_back: list[Run] = []
    failures: dict[str, str] = {}
    for start in range(0, len(rows), CHUNK):
        candidates: dict[ClaimPurpose, list[tuple[WorkflowRecord, Run]]] = {}
        releases: list[ReleaseWorkflow] = []
        for row in rows[start : start + CHUNK]:
            purpose = purpose_of(row)
            if purpose is None:
                continue
            try:
                run = resolve_run(engine, row)
            except Exception as error:  # noqa: BLE001  # one that cannot be run must not hold up the others
                failures[row.workflow_id] = str(error)
                if told.get(row.workflow_id) != str(error):
                    engine.logger.error("Workflow %r was not recovered: %s", row.workflow_id, error)  # noqa: TRY400  # the message says it all
                if takes_up_room(engine, row.queue_name):
                    # Where it takes up no place; it may be that another executor can run it.
                    releases.append(release(engine, row.workflow_id, row.run_token, ClaimPurpose.CONTINUATION))
                continue
            if must_wait is not None and must_wait(engine, row, run):
                put_back.append(run)
                releases.append(release(engine, row.workflow_id, row.run_token, purpose))
            else:
                candidates.setdefault(purpose, []).append((row, run))
        if releases:
            await CommitAll(releases)
        for purpose, chosen in candidates.items():
            for run in await take_over(engine, chosen, purpose):
                await Spawn(run)
                recovered.append(run)
    return Recovered(runs=recovered, put_back=put_back, failures=failures)


def can_run(engine: Engine, row: WorkflowRecord) -> bool:
    """Whether this process runs workflows, and has the function of this one."""
    return engine.is_executor and engine.registry.has_workflow(row.name)


def resolve_run(engine: Engine, row: WorkflowRecord) -> Run:
    """A run for a stored workflow, from what is registered here.

    DBOSRecoveryError: the row or its receiver is none that can be run here. DBOSWorkflowFunctionNotFoundError: its
    function is not registered here. DBOSSerializationError: its inputs cannot be read.
    """
    refuse_unreadable(row)
    definition = engine.registry.workflow(row.name, workflow_id=row.workflow_id)
    return stored_run(row, definition, receiver_of(engine.registry, row))


def refuse_unreadable(row: WorkflowRecord) -> None:
    """DBOSRecoveryError, with what is wrong, when the row holds what cannot be read here."""
    if row.unreadable is not None:
        raise DBOSRecoveryError(row.workflow_id, row.unreadable)


def receiver_of(registry: Registry, row: WorkflowRecord) -> object | None:
    """The instance or class that a stored workflow is called on.

    None for functions. DBOSRecoveryError: not registered.
    """
    if row.class_name is None:
        return None
    if row.config_name is None:
        found: object | None = registry.class_named(row.class_name)
        remedy = "Decorate the class with @DBOS.dbos_class() and import its module before DBOS.launch()."
    else:
        found = registry.instance(row.class_name, row.config_name)
        remedy = "Create the instance before DBOS.launch()."
    if found is None:
        what = row.class_name if row.config_name is None else f"{row.class_name}({row.config_name!r})"
        raise DBOSRecoveryError(row.workflow_id, f"{what} is not registered here. {remedy}")
    return found
