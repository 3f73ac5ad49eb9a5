"""Whatever is given as a crontab: a ValueError where it is decorated, or a schedule that always has a next moment."""

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from dbos_typed import DBOS
from dbos_typed.core.cron import parse_cron
from tests.behaviour.app import App
from tests.behaviour.wild import THOROUGHLY, anything

FORMS = ("sync",)  # hypothesis calls blocking functions
DATABASES = ("sqlite",)  # nothing is stored

field = st.from_regex(r"(\*|[0-9]{1,2})(-[0-9]{1,2})?(/[0-9]{1,2})?(,[0-9]{1,2})?", fullmatch=True) | st.sampled_from(
    ["*", "L", "W", "?", "MON", "JAN", "mon-fri", "#2", "5#2", "H", "R", "*/0", "60", "0-99", "-1", "99999999999"]
)
crontabs = (
    st.lists(field, min_size=4, max_size=7).map(" ".join)
    | st.text("0123456789*/,-? LW#@JANMON\x00\ud800é", max_size=20)
    | st.sampled_from(["@hourly", "@reboot", "@", "0 0 30 2 *", "0 0 31 2,4 *", "0 0 29 2 1", "* * * * * *"])
)


def check(app: App) -> None:
    def due(scheduled: datetime, actual: datetime) -> None: ...

    @THOROUGHLY
    @given(cron=crontabs | anything, moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
    @example(cron="0 0 30 2 *", moment=datetime(2025, 1, 1))
    def whatever(cron: object, moment: datetime) -> None:
        try:
            DBOS.scheduled(cron)
        except ValueError as refused:
            assert "Invalid crontab" in str(refused)
            return
        now = moment.replace(tzinfo=UTC)
        following = parse_cron(cron).next_after(now)
        assert now < following < now + timedelta(days=366 * 60)
        assert following.utcoffset() == timedelta(0)

    whatever()
    assert app.counts()["workflows"] == 0
