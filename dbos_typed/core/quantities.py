"""Checking the numbers that users give: counts and seconds."""

from __future__ import annotations

import math

LARGEST_COUNT = 2**31 - 1
"""What every database has room for."""
LONGEST_SECONDS = 1e12
"""Longer than any workflow; its milliseconds fit the columns of every database."""


def check_count(given: object, what: str, *, least: int = 0, most: int = LARGEST_COUNT) -> int:
    """A whole number in a range. ValueError or TypeError: says what is wrong with it."""
    if not isinstance(given, int) or isinstance(given, bool):
        msg = f"{what} is {given!r}; it must be a whole number."
        raise TypeError(msg)
    if not least <= given <= most:
        limits = f"at least {least}" if given < least and most == LARGEST_COUNT else f"between {least} and {most}"
        msg = f"{what} is {given}; it must be {limits}."
        raise ValueError(msg)
    return given


def check_duration(given: object, what: str, *, may_be_zero: bool = False) -> float:
    """A number of seconds that is neither negative nor endless. ValueError or TypeError: says what is wrong with it."""
    if not isinstance(given, int | float) or isinstance(given, bool):
        msg = f"{what} is {given!r}; it must be a number of seconds."
        raise TypeError(msg)
    is_long_enough = given >= 0 if may_be_zero else given > 0
    if math.isnan(given) or not is_long_enough or given > LONGEST_SECONDS:
        least = "not negative" if may_be_zero else "positive"
        msg = f"{what} is {given}; it must be a number of seconds, {least} and not endless."
        raise ValueError(msg)
    return float(given)
