"""A timeout that is no positive number of seconds is refused where it is set."""

import pytest

from dbos_typed import SetWorkflowTimeout
from tests.behaviour.app import App


async def check(app: App) -> None:
    for seconds in (0, -1, -0.001, float("nan"), float("inf"), 1e300):
        with pytest.raises(ValueError, match=r"timeout is .*number of seconds, positive"):
            SetWorkflowTimeout(seconds)
    assert app.counts()["workflows"] == 0
