"""What is known of the runtimes by their public names: what their calls record, what gives instances, what is silent.

Names are without ``_async``: both forms of an operation record the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ASYNC_SUFFIX = "_async"


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument of a call; ``position`` is None for one that is given by keyword only."""

    position: int | None
    keyword: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRunner:
    """A call that runs a function it is given as a step or transaction, with options that may name it."""

    kind: str
    options: int = 0
    function: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a call means to the records of the workflow that makes it.

    ``records`` are the names it is recorded under, in order, ``about`` is the argument with the key or topic that it is
    about. ``starts`` is the position of a workflow that it puts under way, ``named`` the keys of options that name
    one and its queue. ``repeats`` when each of several values is recorded, ``anywhere`` when a method is recognised on
    whatever it is called; ``opens`` says what else may happen that cannot be told, if anything.
    """

    records: tuple[str, ...] = ()
    about: Argument | None = None
    starts: int | None = None
    named: tuple[str, str] | None = None
    runs: FunctionRunner | None = None
    repeats: bool = False
    anywhere: bool = False
    opens: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """One runtime.

    ``calls`` are public names -> what calls of them mean, ``decorators`` public names -> what they make of a function,
    ``makers`` what gives an instance -> the class by which ``calls`` and ``decorators`` name its methods. ``silent``
    are the attributes of ``DBOS`` that record nothing.
    """

    calls: Mapping[str, Meaning]
    decorators: Mapping[str, str]
    makers: Mapping[str, str]
    silent: frozenset[str]

    def known(self, path: str) -> str:
        """Return the name by which something public is known: ``Queue.enqueue`` for ``DBOS.register_queue.enqueue``."""
        owner, _, method = path.rpartition(".")
        owner = owner.removesuffix(ASYNC_SUFFIX)
        owner = self.makers.get(owner, owner)
        return f"{owner}.{method.removesuffix(ASYNC_SUFFIX)}".lstrip(".")

    def is_unknown(self, name: str) -> bool:
        """Whether a name that ``known`` gave is of an attribute of ``DBOS`` that nothing is known of."""
        owner, _, attribute = name.rpartition(".")
        return owner == "DBOS" and not (name in self.calls or name in self.decorators or attribute in self.silent)


HANDLE_METHODS = {"get_result": "DBOS.getResult", "get_status": "DBOS.getStatus"}
"""Methods of handles, which are recognised on whatever they are called -> what they are recorded under."""

OPERATIONS = {
    "send": ("DBOS.send",),
    "recv": ("DBOS.recv",),
    "set_event": ("DBOS.setEvent",),
    "get_event": ("DBOS.getEvent",),
    "get_all_events": ("DBOS.getAllEvents",),
    "write_stream": ("DBOS.writeStream",),
    "close_stream": ("DBOS.closeStream",),
    "sleep": ("DBOS.sleep",),
    "get_workflow_status": ("DBOS.getStatus",),
    "retrieve_workflow": ("DBOS.getStatus",),
    "cancel_workflow": ("DBOS.cancelWorkflow",),
    "cancel_workflows": ("DBOS.cancelWorkflow",),
    "delete_workflow": ("DBOS.deleteWorkflow",),
    "resume_workflow": ("DBOS.resumeWorkflow", "DBOS.getStatus"),
    "restart_workflow": ("DBOS.forkWorkflow", "DBOS.getStatus"),
    "fork_workflow": ("DBOS.forkWorkflow", "DBOS.getStatus"),
    "list_workflows": ("DBOS.listWorkflows",),
    "list_queued_workflows": ("DBOS.listQueuedWorkflows",),
    "list_workflow_steps": ("DBOS.listWorkflowSteps",),
}
"""The methods of ``DBOS`` that dbos_typed records -> the names that their calls are recorded under."""

_OPERATIONS_OF_DBOS = {
    **OPERATIONS,
    "send_bulk": ("DBOS.send_bulk",),
    "get_all_events": ("DBOS.get_events",),
    "read_stream_offset": ("DBOS.readStreamOffset",),
    "get_result": ("DBOS.getResult",),
    "wait_first": ("DBOS.waitFirst",),
    "asyncio_wait": ("DBOS.asyncio_wait",),
    "update_workflow_attributes": ("DBOS.updateWorkflowAttributes",),
    "delete_workflows": ("DBOS.deleteWorkflow",),
    "resume_workflow": ("DBOS.resumeWorkflow",),
    "resume_workflows": ("DBOS.resumeWorkflow",),
    "rewind_workflow": ("DBOS.rewindWorkflow",),
    "set_workflow_delay": ("DBOS.setWorkflowDelay",),
    "create_schedule": ("DBOS.createSchedule",),
    "list_schedules": ("DBOS.listSchedules",),
    "get_schedule": ("DBOS.getSchedule",),
    "delete_schedule": ("DBOS.deleteSchedule",),
    "pause_schedule": ("DBOS.pauseSchedule",),
    "resume_schedule": ("DBOS.resumeSchedule",),
}
_ABOUT = {
    "set_event": Argument(position=0, keyword="key"),
    "get_event": Argument(position=1, keyword="key"),
    "write_stream": Argument(position=0, keyword="key"),
    "close_stream": Argument(position=0, keyword="key"),
    "recv": Argument(position=0, keyword="topic"),
    "send": Argument(position=2, keyword="topic"),
}
_SCHEDULE = Argument(position=0, keyword="name")
_ABOUT_OF_DBOS = {
    **_ABOUT,
    "read_stream_offset": Argument(position=1, keyword="key"),
    "create_schedule": Argument(position=None, keyword="schedule_name"),
    **dict.fromkeys(("get_schedule", "delete_schedule", "pause_schedule", "resume_schedule"), _SCHEDULE),
}


def _operations(names: Mapping[str, tuple[str, ...]], about: Mapping[str, Argument]) -> dict[str, Meaning]:
    return {f"DBOS.{name}": Meaning(records=records, about=about.get(name)) for name, records in names.items()}


def _patches(keyword: str) -> dict[str, Meaning]:
    meaning = Meaning(about=Argument(position=0, keyword=keyword))
    return dict.fromkeys(("DBOS.patch", "DBOS.deprecate_patch"), meaning)


def _words(*lines: str) -> Iterable[str]:
    return " ".join(lines).split()


_QUEUE = {"Queue": "Queue", "DBOS.register_queue": "Queue", "DBOS.retrieve_queue": "Queue"}
_DECORATORS = {"DBOS.workflow": "workflow", "DBOS.step": "step", "DBOS.transaction": "transaction"}
_SILENT = frozenset(
    _words(
        "application_version assumed_role authenticated_roles authenticated_user executor_id logger span sql_session",
        "step_id step_status workflow_id request config parent_workflow_id",
        "launch destroy reset_system_database recover_pending_workflows set_authentication",
        "dbos_class default_required_roles required_roles scheduled kafka_consumer",
    )
)

_TYPED = Vocabulary(
    calls={
        **_operations(OPERATIONS, _ABOUT),
        **_patches("name"),
        **dict.fromkeys(("DBOS.start_workflow", "DBOS.enqueue", "Queue.enqueue"), Meaning(starts=0)),
    },
    decorators=_DECORATORS,
    makers=_QUEUE,
    silent=_SILENT | {"deactivate", "health", "read_stream", "register_exception", "resume_workflows", "settings"},
)

_DBOS = Vocabulary(
    calls={
        **_operations(_OPERATIONS_OF_DBOS, _ABOUT_OF_DBOS),
        **_patches("patch_name"),
        "DBOS.read_stream": Meaning(
            records=("DBOS.readStream",), about=Argument(position=1, keyword="key"), repeats=True
        ),
        "DBOS.start_workflow": Meaning(starts=0),
        "Queue.enqueue": Meaning(starts=0),
        "DBOS.enqueue_workflow": Meaning(starts=1, about=Argument(position=0, keyword="queue_name")),
        "DBOS.enqueue_workflow_with_options": Meaning(named=("workflow_name", "queue_name")),
        "DBOS.run_step": Meaning(runs=FunctionRunner(kind="step")),
        "StepReservation.run": Meaning(runs=FunctionRunner(kind="step")),
        "Datasource.run_tx_step": Meaning(runs=FunctionRunner(kind="transaction"), anywhere=True),
        "Debouncer.debounce": Meaning(
            records=("DBOS.debounce_delayed_workflow",), opens="start of what is debounced, unless it waits already"
        ),
    },
    decorators={**_DECORATORS, "Datasource.transaction": "transaction"},
    makers={
        **_QUEUE,
        **dict.fromkeys(("Debouncer", "Debouncer.create"), "Debouncer"),
        **dict.fromkeys(("SQLAlchemyDatasource", "AsyncSQLAlchemyDatasource"), "Datasource"),
        **dict.fromkeys(("SQLAlchemyDatasource.create", "AsyncSQLAlchemyDatasource.create"), "Datasource"),
        **dict.fromkeys(("StepReservation", "DBOS.reserve_step"), "StepReservation"),
    },
    silent=_SILENT
    | set(
        _words(
            "shard_key tracer migrate alert_handler",
            "register_queue retrieve_queue delete_queue list_queues listen_queues",
            "reserve_step apply_schedules backfill_schedule trigger_schedule",
            "list_application_versions get_latest_application_version set_latest_application_version",
        )
    ),
)

VOCABULARIES: Mapping[str, Vocabulary] = {"dbos_typed": _TYPED, "dbos": _DBOS}
"""The vocabulary of each runtime, by the package that is imported."""

RUNTIMES = tuple(VOCABULARIES)
"""Packages that are recognised by their public names, never by their source, even where the project contains it."""

ANYWHERE: Mapping[str, Meaning] = {
    name.rpartition(".")[2]: meaning
    for vocabulary in VOCABULARIES.values()
    for name, meaning in vocabulary.calls.items()
    if meaning.anywhere
}
"""The methods that are recognised on whatever they are called."""
