"""The errors that applications name exist under dbos_typed.error, with their place in the hierarchy."""

from dbos_typed import error
from tests.behaviour.app import App

LAUNCH = False
FORMS = ("sync",)  # nothing runs
DATABASES = ("sqlite",)

ORDINARY = """
    DBOSRecoveryError DBOSInitializationError DBOSWorkflowFunctionNotFoundError DBOSNonExistentWorkflowError
    DBOSDeadLetterQueueError DBOSMaxStepRetriesExceeded DBOSNotAuthorizedError DBOSConflictingWorkflowError
    DBOSUnexpectedStepError DBOSConflictingRegistrationError DBOSQueueDeduplicatedError DBOSContextError
    DBOSSerializationError DBOSAwaitedWorkflowCancelledError DBOSAwaitedWorkflowRetriesExceededError
    DBOSWorkflowTypeMismatchError
""".split()
CONTROL_FLOW = ["DBOSWorkflowCancelledError", "DBOSWorkflowConflictIDError"]


def check(app: App) -> None:
    del app
    for name in ORDINARY:
        assert issubclass(getattr(error, name), error.DBOSException), name
        assert issubclass(error.DBOSException, Exception)
    for name in CONTROL_FLOW:
        found = getattr(error, name)
        assert issubclass(found, error.DBOSBaseException), name
        assert not issubclass(found, Exception), name
