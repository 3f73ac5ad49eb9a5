"""Scheduled workflows: one run per tick, however many executors see it."""

from __future__ import annotations

from datetime import datetime

from dbos_typed.core.effects import Commit
from dbos_typed.core.engine import INTERNAL_QUEUE, Engine
from dbos_typed.core.names import SCHEDULED
from dbos_typed.core.registry import Registry, ScheduleDefinition, WorkflowDefinition
from dbos_typed.core.run import new_run_token
from dbos_typed.core.writes import CreateWorkflow
from dbos_typed.error import DBOSRecoveryError, DBOSWorkflowFunctionNotFoundError
from dbos_typed.records import WorkflowRecord, WorkflowStatusString


async def fire(engine: Engine, schedule: ScheduleDefinition, scheduled: datetime, actual: datetime) -> bool:
    """Enqueue the run of one tick. False: another executor did, or this one did before.

    The run is for any executor that has the function. DBOSWorkflowFunctionNotFoundError: the scheduled function is no
    workflow. DBOSRecoveryError: it is a method, and its class is not registered.
    """
    definition = _workflow(engine.registry, schedule)
    workflow_id = f"{SCHEDULED}{definition.name}-{scheduled.isoformat()}"
    class_name = _class_name(engine.registry, schedule, workflow_id) if schedule.has_receiver else None
    calls = definition.bound_calls if schedule.has_receiver else definition.free_calls
    now = engine.now_ms()
    row = WorkflowRecord(
        workflow_id=workflow_id,
        status=WorkflowStatusString.ENQUEUED,
        name=definition.name,
        class_name=class_name,
        inputs=calls.encode((scheduled, actual), {}),
        queue_name=INTERNAL_QUEUE,
        executor_id=engine.executor_id,
        app_version=None,
        run_token=new_run_token(),
        created_at=now,
        updated_at=now,
    )
    return await Commit(CreateWorkflow(workflow=row)) is None


def _workflow(registry: Registry, schedule: ScheduleDefinition) -> WorkflowDefinition:
    for definition in registry.workflows().values():
        if definition.plain is schedule.function:
            return definition
    raise DBOSWorkflowFunctionNotFoundError(
        "",
        f"{schedule.label} is scheduled and is no workflow. Decorate it with @DBOS.workflow() as well; nothing was "
        "started.",
    )


def _class_name(registry: Registry, schedule: ScheduleDefinition, workflow_id: str) -> str:
    for name, cls in registry.classes().items():
        if f"{cls.__module__}:{cls.__qualname__}" == schedule.label.rpartition(".")[0]:
            return name
    raise DBOSRecoveryError(
        workflow_id,
        f"{schedule.label} is a scheduled method, and its class is not registered. Decorate the class with "
        "@DBOS.dbos_class(); only class methods and static methods can be scheduled.",
    )
