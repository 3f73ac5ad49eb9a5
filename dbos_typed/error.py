"""Every exception of dbos_typed.

The class is the meaning, the attributes are the facts, the message says what to do next.
`DBOSException` is what application code may catch. `DBOSBaseException` is control flow that must reach the engine:
it is no `Exception`, so that an `except Exception` in a workflow does not swallow a cancellation.
Classes that are told apart by number too carry a `dbos_error_code`, and their text begins with it.
"""

from __future__ import annotations

from enum import Enum


class DBOSErrorCode(Enum):
    """What the numbers stand for."""

    ConflictingIDError = 1
    RecoveryError = 2
    InitializationError = 3
    WorkflowFunctionNotFound = 4
    NonExistentWorkflowError = 5
    DeadLetterQueueError = 6
    MaxStepRetriesExceeded = 7
    NotAuthorized = 8
    ConflictingWorkflowError = 9
    WorkflowCancelled = 10
    UnexpectedStep = 11
    QueueDeduplicated = 12
    AwaitedWorkflowCancelled = 13
    ConflictingRegistrationError = 25


class DBOSException(Exception):
    """Base of the errors that application code may catch."""

    dbos_error_code: int | None = None
    """The number of the class, or the one that was given."""
    status_code: int | None = None
    """HTTP status with which a web integration answers; None: 500."""

    def __init_subclass__(cls, *, code: DBOSErrorCode | None = None, status_code: int | None = None) -> None:
        super().__init_subclass__()
        if code is not None:
            cls.dbos_error_code = code.value
        if status_code is not None:
            cls.status_code = status_code

    def __init__(self, message: str, dbos_error_code: int | None = None) -> None:
        self.message = message
        if dbos_error_code is not None:
            self.dbos_error_code = dbos_error_code
        super().__init__(message)

    def __str__(self) -> str:
        # Named, because one class derives from both bases; and the arguments, because a subclass may set no message.
        return _numbered(BaseException.__str__(self), self.dbos_error_code)


class DBOSBaseException(BaseException):
    """Base of the control flow that application code should let pass."""

    dbos_error_code: int | None = None
    """The number of the class, or the one that was given."""
    status_code: int | None = None
    """HTTP status with which a web integration answers; None: 500."""

    def __init_subclass__(cls, *, code: DBOSErrorCode | None = None) -> None:
        super().__init_subclass__()
        if code is not None:
            cls.dbos_error_code = code.value

    def __init__(self, message: str, dbos_error_code: int | None = None) -> None:
        self.message = message
        if dbos_error_code is not None:
            self.dbos_error_code = dbos_error_code
        super().__init__(message)

    def __str__(self) -> str:
        return _numbered(BaseException.__str__(self), self.dbos_error_code)


def _numbered(message: str, code: int | None) -> str:
    return message if code is None else f"DBOS Error {code}: {message}"


# --- control flow ---------------------------------------------------------------------------------------------------


class DBOSWorkflowCancelledError(DBOSBaseException, code=DBOSErrorCode.WorkflowCancelled):
    """Raised inside a workflow that was cancelled, at its next recorded call."""

    def __init__(self, workflow_id: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(f"Workflow {workflow_id!r} was cancelled. DBOS.resume_workflow({workflow_id!r}) continues it.")


class DBOSWorkflowConflictIDError(DBOSBaseException, code=DBOSErrorCode.ConflictingIDError):
    """Raised inside a run that no longer owns its workflow: another executor took it over and continues it."""

    def __init__(self, workflow_id: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(
            f"This run of workflow {workflow_id!r} was superseded: another run owns the workflow now. "
            "Its writes are refused; the owner's outcome is the workflow's outcome."
        )


class DBOSExecutorStoppedError(DBOSBaseException):
    """Raised inside a workflow whose executor was destroyed: the workflow stays PENDING and is continued later."""

    def __init__(self, workflow_id: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(
            f"The executor that ran workflow {workflow_id!r} was destroyed. The workflow stays PENDING and goes on "
            "from its last recorded call, at the next launch or by another executor."
        )


# --- set-up ---------------------------------------------------------------------------------------------------------


class DBOSInitializationError(DBOSException, code=DBOSErrorCode.InitializationError):
    """The runtime is not ready for the call, or cannot be made ready (configuration, database, schema)."""


class DBOSDatabaseUnavailableError(DBOSInitializationError, status_code=503):
    """The database did not answer in time. Workflows wait for it; only calls outside of them are told.

    Whether a write took effect is not known: repeat the call with the same workflow id or idempotency key, which finds
    what is there.
    """

    def __init__(self, message: str) -> None:
        DBOSException.__init__(self, message)


class DBOSDecorationError(DBOSException, TypeError):
    """A decorator of the engine was put on what it cannot decorate."""


class DBOSConflictingRegistrationError(DBOSException, code=DBOSErrorCode.ConflictingRegistrationError):
    """Two different functions, classes, instances or queues were registered under one name."""

    def __init__(self, name: str, *, registered: str = "", conflicting: str = "") -> None:
        self.name = name
        self.registered = registered
        self.conflicting = conflicting
        detail = f": {registered} has it, {conflicting} wants it too" if registered else ""
        super().__init__(
            f"The name {name!r} is registered already{detail}. Give one of them another name, e.g. name='…'."
        )


class DBOSDoubleDecorationError(DBOSConflictingRegistrationError, DBOSDecorationError):
    """A function was decorated as two things at once, say as a step and as a transaction."""

    def __init__(self, name: str, *, kind: str) -> None:
        self.name = name
        self.kind = kind
        DBOSException.__init__(
            self,
            f"Operation (Name: {name}) is already registered with a conflicting function type: it is decorated already "
            f"and cannot be a {kind} as well. Use one decorator.",
        )


class DBOSContextError(DBOSException):
    """A call was made where it is not allowed."""


class DBOSNotAuthorizedError(DBOSException, code=DBOSErrorCode.NotAuthorized, status_code=403):
    """The authenticated user has none of the roles that the function requires.

    The message is fit for strangers; which roles are missing is in the note that tracebacks show.
    """


# --- workflows ------------------------------------------------------------------------------------------------------


class DBOSWorkflowFunctionNotFoundError(DBOSException, code=DBOSErrorCode.WorkflowFunctionNotFound):
    """A function was given that is no registered workflow, or a stored workflow's function is not registered here."""

    def __init__(self, workflow_id: str, message: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(message)


class DBOSNonExistentWorkflowError(DBOSException, code=DBOSErrorCode.NonExistentWorkflowError, status_code=404):
    """No workflow has this id."""

    def __init__(self, workflow_id: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(
            f"Sent to non-existent destination workflow ID: {workflow_id}. No workflow has the id {workflow_id!r}: "
            "check it, or start the workflow first."
        )


class DBOSConflictingWorkflowError(DBOSException, code=DBOSErrorCode.ConflictingWorkflowError, status_code=409):
    """The id belongs to another workflow already: another function, class, instance or other inputs."""

    def __init__(self, workflow_id: str, message: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(f"The workflow id {workflow_id!r} is taken: {message}")


class DBOSWorkflowTypeMismatchError(DBOSException):
    """A workflow was retrieved as one function but was started as another."""

    def __init__(self, workflow_id: str, *, expected: str, stored: str) -> None:
        self.workflow_id = workflow_id
        self.expected = expected
        self.stored = stored
        super().__init__(
            f"Workflow {workflow_id!r} is a {stored!r}, not a {expected!r}. Retrieve it with workflow= of the function "
            "that it was started with."
        )


class DBOSUnexpectedStepError(DBOSException, code=DBOSErrorCode.UnexpectedStep):
    """The code does not fit what was recorded under this step number.

    It calls something else there, because it changed or is not deterministic, or `is_unreadable`: it cannot read what
    the call gave, because a class was moved or a type changed.
    """

    is_unreadable: bool = False

    def __init__(
        self, workflow_id: str, step_id: int, expected_name: str, recorded_name: str, *, is_unreadable: bool = False
    ) -> None:
        self.workflow_id = workflow_id
        self.step_id = step_id
        self.expected_name = expected_name
        self.recorded_name = recorded_name
        if is_unreadable:
            self.is_unreadable = True
        super().__init__(
            f"Workflow {workflow_id!r}, step {step_id}: {recorded_name}. Deploy code that reads it: put the class or "
            "type back, or keep its old name importable; the workflow stays recoverable until then."
            if is_unreadable
            else f"Workflow {workflow_id!r}, step {step_id}: {recorded_name} was recorded, but the code now calls "
            f"{expected_name}. Deploy code that makes the recorded calls in the recorded order; the workflow stays "
            "recoverable until then."
        )


class DBOSRecoveryError(DBOSException, code=DBOSErrorCode.RecoveryError, status_code=409):
    """A stored workflow could not be run again."""

    def __init__(self, workflow_id: str, message: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(f"Workflow {workflow_id!r} could not be recovered: {message}")


class DBOSDeadLetterQueueError(DBOSException, code=DBOSErrorCode.DeadLetterQueueError):
    """A workflow was recovered more often than max_recovery_attempts allows."""

    def __init__(self, workflow_id: str, max_recovery_attempts: int) -> None:
        self.workflow_id = workflow_id
        self.max_recovery_attempts = max_recovery_attempts
        super().__init__(
            f"Workflow {workflow_id!r} was recovered {max_recovery_attempts} times without finishing and is set aside. "
            f"Find out why it dies, then DBOS.resume_workflow({workflow_id!r})."
        )


class DBOSAwaitedWorkflowCancelledError(
    DBOSException, DBOSWorkflowCancelledError, code=DBOSErrorCode.AwaitedWorkflowCancelled
):
    """The workflow whose result was awaited is cancelled.

    It is a DBOSWorkflowCancelledError too, for callers who do not care whether they were cancelled or what they wait
    for; an `except Exception` catches only this one.
    """

    def __init__(self, workflow_id: str) -> None:
        self.workflow_id = workflow_id
        DBOSException.__init__(self, f"The awaited workflow {workflow_id!r} was cancelled and has no result.")


class DBOSAwaitedWorkflowRetriesExceededError(DBOSException):
    """The workflow whose result was awaited exceeded its recovery attempts."""

    def __init__(self, workflow_id: str) -> None:
        self.workflow_id = workflow_id
        super().__init__(
            f"The awaited workflow {workflow_id!r} exceeded its recovery attempts and has no result. "
            f"DBOS.resume_workflow({workflow_id!r}) runs it again."
        )


# --- steps, queues, values --------------------------------------------------------------------------------------------


class DBOSMaxStepRetriesExceeded(DBOSException, code=DBOSErrorCode.MaxStepRetriesExceeded):
    """A step failed in every attempt that its retry policy allows.

    `errors` holds the error of each of up to twenty attempts; of more, those of the first ten and of the last ten, and
    `omitted` says how many are left out between them.
    """

    omitted: int = 0

    def __init__(
        self, step_name: str, max_retries: int, errors: list[Exception] | None = None, *, omitted: int = 0
    ) -> None:
        self.step_name = step_name
        self.max_retries = max_retries
        self.errors: list[Exception] = list(errors or ())
        if omitted:
            self.omitted = omitted
        left_out = f"; the errors of {omitted} attempts in between are left out" if omitted else ""
        last = f"; the last error: {self.errors[-1]!r}" if self.errors else ""
        super().__init__(f"Step {step_name!r} failed in each of its {max_retries} attempts{left_out}{last}.")


class DBOSQueueDeduplicatedError(DBOSException, code=DBOSErrorCode.QueueDeduplicated, status_code=409):
    """A workflow with this deduplication id is on the queue already."""

    def __init__(self, workflow_id: str, queue_name: str, deduplication_id: str) -> None:
        self.workflow_id = workflow_id
        self.queue_name = queue_name
        self.deduplication_id = deduplication_id
        super().__init__(
            f"Workflow {workflow_id!r} was not enqueued: queue {queue_name!r} holds one with deduplication id "
            f"{deduplication_id!r}."
        )


class DBOSSerializationError(DBOSException):
    """A value or an annotation cannot be stored, or what is stored cannot be read.

    `path` names the place, e.g. `result.items[3].conn`; `unknown_class` is the stored name of a class that is not found
    here, e.g. `shop.models:Order`, and empty when something else is wrong.
    """

    unknown_class: str = ""

    def __init__(self, message: str, *, path: str = "", unknown_class: str = "") -> None:
        self.path = path
        if unknown_class:
            self.unknown_class = unknown_class
        super().__init__(message)


class RemoteError(DBOSException):
    """Stands for a recorded exception whose class this process does not know."""

    def __init__(self, type_name: str, message: str) -> None:
        self.type_name = type_name
        self.remote_message = message
        super().__init__(f"{type_name}: {message}")
