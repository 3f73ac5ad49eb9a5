"""What the application registered: workflows, steps, classes and configured instances."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from dbos_typed.codec import CallPlan, Plan
from dbos_typed.core.cron import Cron
from dbos_typed.core.places import Place, Places
from dbos_typed.error import DBOSConflictingRegistrationError, DBOSWorkflowFunctionNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOptions:
    """Retry policy of a step.

    `max_attempts` calls in all, the n-th wait lasts interval_seconds * backoff_rate ** (n - 1).
    """

    retries_allowed: bool = False
    interval_seconds: float = 1.0
    max_attempts: int = 3
    backoff_rate: float = 2.0
    should_retry: Callable[[BaseException], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionOptions:
    """How the database runs a transaction."""

    isolation_level: str = "SERIALIZABLE"
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FunctionDefinition:
    """A registered function and how its arguments and result are stored."""

    name: str
    function: Callable[..., Any]
    plain: Callable[..., Any]
    """The function under all decorators, by which its required roles are known."""
    module: str
    qualname: str
    is_async: bool
    free_calls: CallPlan
    """Encodes the arguments of a call without a receiver: of a function or a static method."""
    bound_calls: CallPlan
    """Encodes the arguments of a call on an instance or a class, which are no part of the stored inputs."""

    @property
    def result_plan(self) -> Plan[Any]:
        """Encodes what the function returns."""
        return self.free_calls.result

    @property
    def label(self) -> str:
        """`module:qualname`, which names the function in messages."""
        return f"{self.module}:{self.qualname}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorkflowDefinition(FunctionDefinition):
    """A registered workflow."""

    max_recovery_attempts: int | None = 50
    """After how many recoveries it is set aside; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepDefinition(FunctionDefinition):
    """A registered step."""

    options: StepOptions = StepOptions()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransactionDefinition(FunctionDefinition):
    """A registered transaction."""

    options: TransactionOptions = TransactionOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDefinition:
    """A queue and its limits."""

    name: str
    concurrency: int | None = None
    """How many of its workflows run at one time on all executors together."""
    worker_concurrency: int | None = None
    """How many run at one time on one executor."""
    rate_limit: int | None = None
    rate_period_seconds: float | None = None
    """How many are started in a period on all executors together."""
    has_priorities: bool = False
    is_partitioned: bool = False
    """Whether the limits hold for each partition key separately."""
    polling_interval_seconds: float = 1.0

    @property
    def limits_running(self) -> bool:
        """Whether only so many of its workflows may run at one time."""
        return self.concurrency is not None or self.worker_concurrency is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDefinition:
    """When a function is to run."""

    function: Callable[..., Any]
    """The function under all decorators."""
    cron: Cron
    label: str
    """`module:qualname`, which names the function in messages."""
    has_receiver: bool
    """Whether it is called on its class."""


D_co = TypeVar("D_co", bound=FunctionDefinition, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(Generic[D_co]):
    """A call of a registered function."""

    definition: D_co
    receiver: object | None
    """The instance or class it is called on; None for functions and static methods."""
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    @property
    def all_args(self) -> tuple[Any, ...]:
        """The positional arguments of the plain function."""
        return self.args if self.receiver is None else (self.receiver, *self.args)

    @property
    def plan(self) -> CallPlan:
        """Encodes the arguments."""
        return self.definition.free_calls if self.receiver is None else self.definition.bound_calls


LONE = "<temp>."
"""What the name of the workflow begins with that consists of one call of a step or transaction."""


class Registry:
    """Names to definitions, one for the whole process: decorators run at import, before any runtime exists."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._workflows: dict[str, WorkflowDefinition] = {}
        self._classes: dict[str, type] = {}
        self._instances: dict[tuple[str, str], object] = {}
        self._queues: dict[str, QueueDefinition] = {}
        self._schedules: dict[tuple[str, str], ScheduleDefinition] = {}
        self._results: dict[str, Plan[Any]] = {}
        self._roles: WeakKeyDictionary[Callable[..., Any], Sequence[str]] = WeakKeyDictionary()
        self._class_roles: dict[str, Sequence[str]] = {}
        self._guarded_classes: dict[str, type] = {}
        self.places = Places()
        self._lone: dict[str, dict[str, WorkflowDefinition]] = {}

    def after_fork(self) -> None:
        """In a forked process: a thread that is not here may hold the lock for ever."""
        self._lock = Lock()
        self.places.after_fork()

    def add_lone(self, call: FunctionDefinition, definition: WorkflowDefinition) -> None:
        """Register the workflow that is one call of a step or transaction, which may be called under an id."""
        with self._lock:
            self._lone.setdefault(definition.name, {})[f"{type(call).__name__} {call.label}"] = definition

    def lone(self, call: FunctionDefinition) -> WorkflowDefinition:
        """The workflow that is one call of this step or transaction.

        Raises DBOSConflictingRegistrationError if there is another step or transaction of the name, because a recovery
        could not tell which of them is meant, and DBOSWorkflowFunctionNotFoundError if the registry was cleared.
        """
        found = self._find_lone(f"{LONE}{call.name}")
        if found is None:
            msg = f"{call.label} was forgotten when the registry was cleared. Import its module again; nothing was run."
            raise DBOSWorkflowFunctionNotFoundError("", msg)
        return found

    def _find_lone(self, name: str) -> WorkflowDefinition | None:
        found = list(self._lone.get(name, {}).values())
        if len(found) > 1:
            raise DBOSConflictingRegistrationError(name, registered=found[0].label, conflicting=found[1].label)
        return found[0] if found else None

    def add_workflow(self, definition: WorkflowDefinition) -> None:
        """Register a workflow.

        Importing a module again in place replaces its functions; another function of the same name is refused with
        DBOSConflictingRegistrationError, because the name alone finds the function of a stored workflow.
        """
        with self._lock:
            existing = self._workflows.get(definition.name)
            if existing is not None and existing.label != definition.label:
                raise DBOSConflictingRegistrationError(
                    definition.name, registered=existing.label, conflicting=definition.label
                )
            self._workflows[definition.name] = definition

    def workflow(self, name: str, *, workflow_id: str) -> WorkflowDefinition:
        """The workflow registered as `name`, or DBOSWorkflowFunctionNotFoundError naming `workflow_id`."""
        definition = self._workflows.get(name) or self._find_lone(name)
        if definition is None:
            known = ", ".join(sorted(self._workflows)) or "none"
            raise DBOSWorkflowFunctionNotFoundError(
                workflow_id,
                f"Workflow {workflow_id!r} is a {name!r}, and no function is registered under that name. "
                f"Import the module that defines it before DBOS.launch(). Registered: {known}.",
            )
        return definition

    def has_workflow(self, name: str) -> bool:
        """Whether workflows of this name can be run here."""
        return name in self._workflows or len(self._lone.get(name, ())) == 1

    def find_workflow(self, name: str) -> WorkflowDefinition | None:
        """The workflow that runs under this name, if there is one here."""
        return self.workflow(name, workflow_id="") if self.has_workflow(name) else None

    def runnable_names(self) -> tuple[str, ...]:
        """The names of everything that can be run here, also of lone steps and transactions."""
        with self._lock:
            return (*self._workflows, *self._lone)

    def workflows(self) -> Mapping[str, WorkflowDefinition]:
        """A snapshot of every registered workflow by name."""
        with self._lock:
            return dict(self._workflows)

    def add_result_plan(self, name: str, plan: Plan[Any]) -> None:
        """Say how the results of a workflow are read in a process that does not have it."""
        with self._lock:
            self._results[name] = plan

    def result_plan(self, name: str) -> Plan[Any] | None:
        """How the results of a workflow are read, as far as it is known here."""
        definition = self.find_workflow(name)
        return self._results.get(name) if definition is None else definition.result_plan

    def add_class(self, name: str, cls: type) -> None:
        """Register a class whose methods are workflows, steps or transactions."""
        with self._lock:
            existing = self._classes.get(name)
            if existing is not None and (existing.__module__, existing.__qualname__) != (
                cls.__module__,
                cls.__qualname__,
            ):
                raise DBOSConflictingRegistrationError(name, registered=_label(existing), conflicting=_label(cls))
            self._classes[name] = cls

    def classes(self) -> Mapping[str, type]:
        """A snapshot of every registered class by name."""
        with self._lock:
            return dict(self._classes)

    def class_named(self, name: str) -> type | None:
        return self._classes.get(name) or self._guarded_classes.get(name)

    def knows_class(self, cls: type) -> bool:
        """Whether the class or one that it is derived from is registered, be it for its roles only."""
        registered, guarded = self._classes.values(), self._guarded_classes.values()
        return any(base in registered or base in guarded for base in cls.__mro__)

    def class_name_of(self, cls: type) -> str:
        """The registered name of `cls`, else its `__qualname__`."""
        return next((name for name, known in self._classes.items() if known is cls), cls.__qualname__)

    def add_instance(self, class_name: str, config_name: str, instance: object, place: Place | None = None) -> None:
        """Register a configured instance, by which a stored workflow finds its `self` again.

        Raises DBOSConflictingRegistrationError if there is another one of the name, unless the module that makes it is
        executed anew.
        """
        with self._lock:
            key = (class_name, config_name)
            existing = self._instances.get(key)
            self.places.make(key, place, is_another=existing is not None and existing is not instance)
            self._instances[key] = instance

    def instance(self, class_name: str, config_name: str) -> object | None:
        return self._instances.get((class_name, config_name))

    def instances(self) -> Iterator[tuple[tuple[str, str], object]]:
        return iter(dict(self._instances).items())

    def require_roles(self, function: Callable[..., Any], roles: Sequence[str]) -> None:
        """Let only users with one of the roles call the function; none: everybody."""
        self._roles[function] = roles

    def require_class_roles(self, cls: type, roles: Sequence[str]) -> None:
        """The roles for those functions of the class that have none of their own."""
        self._class_roles[cls.__qualname__] = roles
        self._guarded_classes[cls.__qualname__] = cls

    def required_roles(self, function: Callable[..., Any], class_name: str | None) -> Sequence[str]:
        """The roles of which a caller needs one."""
        own = self._roles.get(function)
        if own is not None:
            return own
        if not self._class_roles:
            return ()
        cls = None if class_name is None else self._classes.get(class_name)
        owners = [] if cls is None else [base.__qualname__ for base in cls.__mro__]
        # The class of a static method is known by its name alone, and so is one that is not registered.
        owners.extend((class_name or "", function.__qualname__.rpartition(".")[0]))
        return next((self._class_roles[owner] for owner in owners if owner in self._class_roles), ())

    def add_queue(self, queue: QueueDefinition) -> None:
        """Register a queue. DBOSConflictingRegistrationError: there is another one of this name."""
        with self._lock:
            existing = self._queues.get(queue.name)
            if existing is not None and existing != queue:
                raise DBOSConflictingRegistrationError(queue.name, registered=repr(existing), conflicting=repr(queue))
            self._queues[queue.name] = queue

    def queues(self) -> Mapping[str, QueueDefinition]:
        """A snapshot of every registered queue by name."""
        with self._lock:
            return dict(self._queues)

    def add_schedule(self, schedule: ScheduleDefinition) -> None:
        """Register a schedule. Importing a module again in place replaces its schedules."""
        with self._lock:
            self._schedules[schedule.label, schedule.cron.expression] = schedule

    def schedules(self) -> Sequence[ScheduleDefinition]:
        """A snapshot of every schedule."""
        with self._lock:
            return list(self._schedules.values())

    def clear(self) -> None:
        """Forget everything; for DBOS.destroy(destroy_registry=True)."""
        with self._lock:
            self._workflows.clear()
            self._classes.clear()
            self._instances.clear()
            self._queues.clear()
            self._schedules.clear()
            self._class_roles.clear()
            self._guarded_classes.clear()
            self.places.clear()
            self._lone.clear()
            self._results.clear()


def _label(cls: type) -> str:
    return f"{cls.__module__}:{cls.__qualname__}"
