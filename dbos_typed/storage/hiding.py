"""Errors of statements without the values of their parameters, which are the application's and not for logs."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from dbos_typed.codec import without_details


def hide_values(engine: Engine) -> None:
    """Let errors of the engine's statements tell no values, unless `hide_parameters` was switched off.

    SQLAlchemy leaves out the parameters; PostgreSQL tells them itself, in the details of its own message.
    """
    if engine.hide_parameters:
        event.listen(engine, "handle_error", _hide)


def _hide(context: ExceptionContext) -> None:
    error = context.original_exception
    if context.statement is None or not isinstance(error, psycopg.Error):
        return
    for each in (error, context.sqlalchemy_exception):
        if each is not None:
            each.args = tuple(_without_values(part, error.sqlstate) for part in each.args)


def _without_values(part: Any, sqlstate: str | None) -> Any:  # noqa: ANN401  # an argument of an error
    return without_details(part, sqlstate) if isinstance(part, str) else part
