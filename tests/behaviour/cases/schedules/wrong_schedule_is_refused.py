"""A wrong crontab, or a function that does not take the two times, raises where it is decorated, before any launch."""

from datetime import datetime

import pytest

from dbos_typed import DBOS
from tests.behaviour.app import App

FORMS = ("sync",)
DATABASES = ("sqlite",)
LAUNCH = False


def check(app: App) -> None:
    for wrong in ("*/invalid * * * * *", "", "* * *", "* * * * * * *", "61 * * * *", "0 0 30 2 *", "R * * * *", 5):
        with pytest.raises(ValueError, match="Invalid crontab") as caught:
            DBOS.scheduled(wrong)
        assert repr(wrong) in str(caught.value)
    scheduled = DBOS.scheduled("@daily")

    def without_times() -> None: ...

    with pytest.raises(TypeError, match=r"without_times.*two arguments"):
        scheduled(without_times)
    with pytest.raises(TypeError, match="decorates functions"):
        scheduled(int)

    def right(scheduled: datetime, actual: datetime) -> None: ...

    assert scheduled(right) is right
