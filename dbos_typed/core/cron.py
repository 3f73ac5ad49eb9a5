"""Crontab expressions: when something is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

_FIELDS = (5, 6)
_RANDOM = re.compile(r"(?<![A-Za-z])[HR](?![A-Za-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cron:
    """A crontab expression in UTC: five fields, or six with seconds first."""

    expression: str

    def next_after(self, moment: datetime) -> datetime:
        """The first moment after `moment` at which it is due."""
        # Its import takes as long as that of half of this package, and most applications have no schedules.
        croniter = import_module("croniter").croniter
        ticks = croniter(self.expression, moment.astimezone(UTC), second_at_beginning=True)
        due: datetime = ticks.get_next(datetime)
        return due


def parse_cron(expression: object) -> Cron:
    """ValueError: says what is wrong with the expression."""
    if not isinstance(expression, str):
        msg = f"Invalid crontab {expression!r}: it must be a text such as '*/5 * * * *'."
        raise ValueError(msg)  # noqa: TRY004  # one kind of error for everything that is wrong with an expression
    problem: str | None = None
    if not expression.startswith("@"):
        if len(expression.split()) not in _FIELDS:
            problem = f"it has {len(expression.split())} fields"
        elif _RANDOM.search(expression):
            # Every executor must compute the same moments.
            problem = "H and R, which stand for a random value, are not supported"
    if problem is None:
        try:
            Cron(expression).next_after(datetime(2000, 1, 1, tzinfo=UTC))
        except (ValueError, KeyError) as error:
            problem = str(error).rstrip(".")
    if problem is not None:
        msg = (
            f"Invalid crontab {expression!r}: {problem}. Write five fields (minute, hour, day of the month, month, day "
            "of the week), or six with the second before them."
        )
        raise ValueError(msg)
    return Cron(expression)
