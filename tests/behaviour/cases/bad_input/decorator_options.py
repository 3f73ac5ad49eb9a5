"""Options that make no sense, and forgotten parentheses, are refused when the function is decorated."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    del app
    with pytest.raises(ValueError, match="max_attempts is 0"):
        DBOS.step(retries_allowed=True, max_attempts=0)
    with pytest.raises(ValueError, match="interval_seconds is -1"):
        DBOS.step(interval_seconds=-1)
    with pytest.raises(ValueError, match=r"backoff_rate is 0\.5"):
        DBOS.step(backoff_rate=0.5)
    with pytest.raises(ValueError, match="max_recovery_attempts is -1"):
        DBOS.workflow(max_recovery_attempts=-1)
    with pytest.raises(ValueError, match="isolation_level is 'CHAOS'; it must be one of SERIALIZABLE"):
        DBOS.transaction("CHAOS")
    for decorator in (DBOS.workflow, DBOS.step, DBOS.transaction, DBOS.dbos_class):
        with pytest.raises(error.DBOSDecorationError, match=rf"{decorator.__name__} stands above .*write @DBOS\."):
            decorator(check)
    with pytest.raises(error.DBOSDecorationError, match="write name='checkout'"):
        DBOS.workflow("checkout")
    with pytest.raises(ValueError, match="Invalid crontab"):
        DBOS.scheduled(check)
    with pytest.raises(error.DBOSInitializationError, match="must be a mapping"):
        DBOS(config="shop")
    for seconds in ("1", float("nan"), -1):
        with pytest.raises((ValueError, TypeError), match="workflow_completion_timeout_sec"):
            DBOS.destroy(workflow_completion_timeout_sec=seconds)
