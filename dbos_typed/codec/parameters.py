"""Errors of SQL statements without the parameters, whosever engine they are of."""

from __future__ import annotations

import contextlib
from typing import Any, TypeVar

from dbos_typed.codec import rebuilding
from dbos_typed.codec.quoted import without_details, without_parameters

E = TypeVar("E", bound=BaseException)

_HIDES, _HIDDEN = "hide_parameters", "params"
"""Of SQLAlchemy's errors of statements: whether their text tells the parameters, and the parameters."""


def without_values(error: E) -> E:
    """The error, or a copy of it that tells no parameter when it is one of SQLAlchemy or psycopg that may.

    What it wraps and what caused it are as they were.
    """
    package = next((base.__module__.partition(".")[0] for base in type(error).__mro__ if _is_of_sql(base)), None)
    if package is None:
        return error
    with contextlib.suppress(Exception):
        fields = dict(vars(error))
        is_telling = fields.get(_HIDES) is False and fields.pop(_HIDDEN, None) is not None
        args = tuple(_without_values(part, error) for part in error.args)
        if is_telling or args != error.args:
            copy = rebuilding.assembled(type(error), args, fields, rebuilding.members_of(error))
            copy.__cause__, copy.__suppress_context__ = error.__cause__, error.__suppress_context__
            return copy.with_traceback(error.__traceback__)  # type: ignore[return-value]  # of the same class
    return error


def _is_of_sql(base: type[Any]) -> bool:
    return (base.__module__, base.__name__) in (("sqlalchemy.exc", "SQLAlchemyError"), ("psycopg", "Error"))


def _without_values(part: Any, error: Any) -> Any:  # noqa: ANN401  # an argument of an error
    if not isinstance(part, str):
        return part
    sqlstate = getattr(getattr(error, "orig", error), "sqlstate", _NONE)
    text = without_parameters(part)
    return text if sqlstate is _NONE else without_details(text, sqlstate)


_NONE: Any = object()
"""What is no error of psycopg has no state."""
