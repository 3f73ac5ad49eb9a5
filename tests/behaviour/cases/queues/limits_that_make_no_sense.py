"""Limits that make no sense are all named in one error, and neither that queue nor a second one of a name is made."""

import pytest

from dbos_typed import Queue, error
from tests.behaviour.app import App


async def check(app: App) -> None:
    with pytest.raises(ValueError, match=r"Queue 'bad'.*concurrency is 0.*limiter.*polling_interval_sec is -1"):
        Queue("bad", 0, {"limit": -1, "period": 1.0}, polling_interval_sec=-1)
    with pytest.raises(ValueError, match="worker_concurrency is -2"):
        Queue("bad", worker_concurrency=-2)
    with pytest.raises(ValueError, match=r"worker_concurrency \(3\) exceeds concurrency \(2\)"):
        Queue("bad", 2, worker_concurrency=3)
    with pytest.raises(ValueError, match="name of a queue"):
        Queue("")
    Queue("bad", 2)
    with pytest.raises(error.DBOSConflictingRegistrationError, match="'bad'"):
        Queue("bad", 3)
    assert app.counts()["workflows"] == 0
