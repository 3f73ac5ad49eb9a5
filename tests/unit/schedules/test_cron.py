"""Crontab expressions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dbos_typed.core.cron import parse_cron

MOMENT = datetime(2025, 3, 5, 12, 0, 5, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "due"),
    [
        ("* * * * *", datetime(2025, 3, 5, 12, 1, tzinfo=UTC)),
        ("*/15 * * * *", datetime(2025, 3, 5, 12, 15, tzinfo=UTC)),
        ("30 9 * * mon-fri", datetime(2025, 3, 6, 9, 30, tzinfo=UTC)),
        ("* * * * * *", datetime(2025, 3, 5, 12, 0, 6, tzinfo=UTC)),
        ("*/10 * * * * *", datetime(2025, 3, 5, 12, 0, 10, tzinfo=UTC)),
        ("30 0 8 * * *", datetime(2025, 3, 6, 8, 0, 30, tzinfo=UTC)),
        ("@hourly", datetime(2025, 3, 5, 13, 0, tzinfo=UTC)),
    ],
)
def test_next_moment_is_the_first_one_after(expression: str, due: datetime) -> None:
    assert parse_cron(expression).next_after(MOMENT) == due


def test_a_moment_that_is_due_is_not_its_own_successor() -> None:
    due = datetime(2025, 3, 5, 12, 0, tzinfo=UTC)
    assert parse_cron("0 * * * *").next_after(due) == due + timedelta(hours=1)


def test_times_are_utc_whatever_zone_the_moment_is_in() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5)))
    due = parse_cron("0 13 * * *").next_after(elsewhere)
    assert due == datetime(2025, 3, 5, 13, 0, tzinfo=UTC)
    assert due.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "0 fields"),
        ("* * * *", "4 fields"),
        ("* * * * * * *", "7 fields"),
        ("*/x * * * *", "not acceptable"),
        ("60 * * * *", "out of range"),
        ("0 0 31 2 *", "failed to find next date"),
        ("H * * * *", "random"),
        ("r(1-5) * * * *", "random"),
        ("@never", "Exactly"),
        (None, "must be a text"),
    ],
)
def test_wrong_expression_is_shown_with_its_problem(expression: object, problem: str) -> None:
    with pytest.raises(ValueError, match="Invalid crontab") as refused:
        parse_cron(expression)
    assert repr(expression) in str(refused.value)
    assert problem in str(refused.value)


@pytest.mark.parametrize("expression", ["0 0 * * THU", "0 0 1 MAR *", "0 0 * * FRI"])
def test_names_with_an_h_or_r_are_no_random_values(expression: str) -> None:
    parse_cron(expression)
