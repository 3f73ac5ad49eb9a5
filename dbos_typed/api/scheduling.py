"""Scheduled workflows."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias, TypeVar, cast

from dbos_typed.api.functions import resolve_workflow
from dbos_typed.api.recorded import AnyFunction, RecordedFunction
from dbos_typed.api.registration import define_workflow, registry
from dbos_typed.core.cron import parse_cron
from dbos_typed.core.ports import SCHEDULES_SIGNAL
from dbos_typed.core.registry import ScheduleDefinition
from dbos_typed.runtime import current

_Function: TypeAlias = "Callable[[datetime, datetime], Any] | Callable[[Any, datetime, datetime], Any]"
ScheduledF = TypeVar("ScheduledF", bound="_Function | classmethod[Any, ..., Any] | staticmethod[..., Any]")


class Scheduling:
    """What runs at set times."""

    @classmethod
    def scheduled(cls, cron: str) -> Callable[[ScheduledF], ScheduledF]:
        """Run a workflow whenever the crontab expression is due: five fields, or six with seconds first, in UTC.

        The function takes two datetimes in UTC, when it was due and when it was enqueued. Goes above or below
        @DBOS.workflow(); a step or transaction may be scheduled too. All executors together run it once per tick, as
        the workflow `sched-{name}-{time due}`. Ticks that pass while no executor runs are skipped.

        ValueError: the expression is wrong. TypeError: the function does not take the two datetimes.
        """
        parsed = parse_cron(cron)

        def schedule(function: ScheduledF) -> ScheduledF:
            scheduled = _scheduled_function(cast("object", function))
            has_receiver = _has_receiver(scheduled)
            label = f"{scheduled.__module__}:{scheduled.__qualname__}"
            if _is_step(cast("object", function)):
                scheduled = _workflow_around(cast("AnyFunction", function), scheduled)
            registry.add_schedule(
                ScheduleDefinition(function=scheduled, cron=parsed, label=label, has_receiver=has_receiver)
            )
            backend = current.find()
            if backend is not None:
                backend.engine.listener.publish([SCHEDULES_SIGNAL])
            return function

        return schedule


def _scheduled_function(function: object) -> AnyFunction:
    inner = inspect.unwrap(cast("AnyFunction", function))
    if isinstance(inner, type) or not inspect.isfunction(inner):
        msg = f"@DBOS.scheduled() decorates functions, class methods and static methods, not {function!r}."
        raise TypeError(msg)
    return inner


def _has_receiver(function: AnyFunction) -> bool:
    """Whether the first of the function's parameters is the class on which it is called."""
    signature = inspect.signature(function)
    for has_receiver, count in ((False, 2), (True, 3)):
        try:
            signature.bind(*range(count))
        except TypeError:
            continue
        return has_receiver
    msg = (
        f"{function.__module__}:{function.__qualname__}{signature} is scheduled and must take two arguments, the "
        "moment it was due and the moment it was enqueued: (scheduled: datetime, actual: datetime)."
    )
    raise TypeError(msg)


def _is_step(function: object) -> bool:
    while function is not None:
        if isinstance(function, RecordedFunction):
            return resolve_workflow(cast("object", function)) is None
        function = getattr(function, "__wrapped__", None)
    return False


def _workflow_around(step: AnyFunction, plain: AnyFunction) -> AnyFunction:
    """A workflow that makes the one call of a scheduled step or transaction."""
    if inspect.iscoroutinefunction(plain):

        async def run_async(scheduled: datetime, actual: datetime) -> None:
            await step(scheduled, actual)

        run: AnyFunction = run_async
    else:

        def run_blocking(scheduled: datetime, actual: datetime) -> None:
            step(scheduled, actual)

        run = run_blocking
    run.__module__ = plain.__module__
    run.__qualname__ = f"{plain.__qualname__}.scheduled"
    define_workflow(run, name=None, max_recovery_attempts=50)
    return run
