"""Limits that make no sense are all named in one error, and neither that queue nor a second one of a name is made."""

from typing import Any

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
    # A limit of nothing would hold everything for ever, and one in no time would hold nothing.
    for limit, period, problem in (
        (0, 1.0, "the limit of the limiter is 0; it must be at least 1"),
        (-3, 1.0, "the limit of the limiter is -3"),
        (5, 0, "the period of the limiter is 0; it must be a number of seconds, positive"),
        (5, -1.0, "the period of the limiter is -1.0"),
        (5, float("nan"), "the period of the limiter is nan"),
        (5, float("inf"), "the period of the limiter is inf"),
        (0, 0, "the limit of the limiter is 0"),
    ):
        with pytest.raises(ValueError, match=rf"Queue 'bad': .*{problem}"):
            Queue("bad", limiter={"limit": limit, "period": period})
    limiters: list[Any] = [{"limit": "5", "period": 1}, {"limit": 5, "period": "1"}, {"limit": 5}, {"limit": True, "period": 1}, 5]
    for limiter in limiters:
        with pytest.raises(TypeError, match="Queue 'bad': "):
            Queue("bad", limiter=limiter)
    with pytest.raises(ValueError, match="Queue 'bad': worker_concurrency is 0"):
        Queue("bad", worker_concurrency=0)
    with pytest.raises(ValueError, match="name of a queue"):
        Queue("")
    Queue("bad", 2)
    with pytest.raises(error.DBOSConflictingRegistrationError, match="'bad'"):
        Queue("bad", 3)
    assert app.counts()["workflows"] == 0
