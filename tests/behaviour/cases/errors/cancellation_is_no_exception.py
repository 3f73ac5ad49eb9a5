"""Everything derives from DBOSException, except the control flow that an `except Exception` must not swallow."""

import inspect

from dbos_typed import error
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    del app
    classes = [cls for _, cls in inspect.getmembers(error, inspect.isclass) if issubclass(cls, BaseException)]
    control = {
        error.DBOSBaseException,
        error.DBOSExecutorStoppedError,
        error.DBOSWorkflowCancelledError,
        error.DBOSWorkflowConflictIDError,
    }
    assert {cls for cls in classes if not issubclass(cls, Exception)} == control
    assert all(issubclass(cls, error.DBOSException) for cls in classes if cls not in control)
    assert error.DBOSNotAuthorizedError.status_code == 403
    assert error.DBOSNonExistentWorkflowError.status_code == 404
