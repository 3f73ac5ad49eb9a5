"""What running code may ask about itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from dbos_typed.api.observing import logger
from dbos_typed.api.registration import tracer
from dbos_typed.config import ConfigFile, masked
from dbos_typed.core import context
from dbos_typed.core.context import Scope, StepStatus
from dbos_typed.core.request import Request
from dbos_typed.error import DBOSContextError
from dbos_typed.facade.lifecycle import Lifecycle
from dbos_typed.runtime import current

if TYPE_CHECKING:
    # SQLAlchemy takes longer to import than everything here, and only a launched runtime needs it. OpenTelemetry is
    # optional.
    from opentelemetry.trace import Span
    from sqlalchemy.orm import Session

T_co = TypeVar("T_co", covariant=True)


class ClassVariable(Generic[T_co]):
    """A value that is computed when it is read from the class."""

    def __init__(self, read: Callable[[], T_co]) -> None:
        self._read = read

    def __get__(self, instance: object, owner: type, /) -> T_co:
        return self._read()


def _session() -> Session:
    frame = context.current()
    if frame.scope is not Scope.TRANSACTION:
        msg = (
            f"DBOS.sql_session was read {frame.scope.value}; only a transaction has a session. "
            "Move the code into a function decorated with @DBOS.transaction()."
        )
        raise DBOSContextError(msg)
    return cast("Session", frame.session)


def _workflow_id() -> str:
    run = context.current().run
    if run is None:
        msg = "DBOS.workflow_id was read outside any workflow; only workflows, and the steps they call, have an id."
        raise DBOSContextError(msg)
    return run.workflow_id


def _step_status() -> StepStatus:
    step = context.current().step
    if step is None:
        msg = "DBOS.step_status was read outside any step; only a running step has a status."
        raise DBOSContextError(msg)
    return step


def _parent_workflow_id() -> str | None:
    run = context.current().run
    return None if run is None else run.parent_workflow_id


def _request() -> Request | None:
    source = context.current().request
    return None if source is None else source.request


def _span() -> Span:
    return tracer.current_span


def _roles(roles: tuple[str, ...] | None) -> list[str] | None:
    return None if roles is None else list(roles)


class Variables:
    """Values of the running workflow, step or process, read as `DBOS.workflow_id`."""

    logger: ClassVar[logging.Logger] = logger
    """The logger `dbos_typed`, usable before anything is configured."""
    config = ClassVariable[ConfigFile](lambda: masked(Lifecycle.settings().processed))
    """The configuration with its defaults, secrets replaced by ***. DBOSInitializationError: there is none yet."""
    sql_session: ClassVar[ClassVariable[Session]] = ClassVariable(_session)
    """The SQLAlchemy session of the running transaction. DBOSContextError: no transaction is running."""
    workflow_id = ClassVariable[str](_workflow_id)
    """The id of the running workflow. DBOSContextError: none is running."""
    step_id = ClassVariable[int](lambda: _step_status().step_id)
    """The number of the running step, from 1. DBOSContextError: none is running."""
    step_status = ClassVariable[StepStatus](_step_status)
    """The number and attempt of the running step. DBOSContextError: none is running."""
    parent_workflow_id = ClassVariable[str | None](_parent_workflow_id)
    """The id of the workflow that called or started the running one."""
    authenticated_user = ClassVariable[str | None](lambda: context.current().auth.user)
    """Who calls; None: nobody is authenticated."""
    authenticated_roles = ClassVariable[list[str] | None](lambda: _roles(context.current().auth.roles))
    """The roles that the user has."""
    assumed_role = ClassVariable[str | None](lambda: context.current().auth.assumed_role)
    """The role under which the running workflow was allowed."""
    request = ClassVariable[Request | None](_request)
    """The HTTP request whose handler runs, or started the running workflow."""
    span: ClassVar[ClassVariable[Span]] = ClassVariable(_span)
    """The OpenTelemetry span of the running workflow, step or handler; one that does nothing when nothing is traced."""
    application_version = ClassVariable[str](lambda: current.get().engine.app_version)
    """The version of which this process recovers workflows. DBOSInitializationError: not launched."""
    executor_id = ClassVariable[str](lambda: current.get().engine.executor_id)
    """The name of this process. DBOSInitializationError: not launched."""
