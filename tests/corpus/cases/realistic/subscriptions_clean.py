"""Subscriptions: a long-lived workflow for each customer, generics and overloads in ordinary code around it."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Generic, ParamSpec, TypeVar

from dbos_typed import DBOS, DBOSContextSetAuth, Event, Topic
from dbos_typed.error import DBOSMaxStepRetriesExceeded

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Subscription:
    customer: str
    plan: str
    renews: datetime
    failures: int = 0


@dataclass(frozen=True)
class Cancel:
    reason: str


@dataclass(frozen=True)
class Upgrade:
    plan: str


@dataclass(frozen=True)
class Versioned(Generic[T]):
    value: T
    version: int


COMMANDS = Topic[Cancel | Upgrade]("commands")
CURRENT = Event[Versioned[Subscription]]("current")


def measured(func: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        started = time.perf_counter()
        try:
            return func(*args, **kwargs)
        finally:
            log.info("%.3f s", time.perf_counter() - started)

    return wrapper


@DBOS.step(retries_allowed=True, max_attempts=3)
@measured
def charge(subscription: Subscription) -> str:
    return f"{subscription.customer}:{subscription.plan}"


@DBOS.step()
def now() -> datetime:
    return datetime.now(UTC)


def next_period(subscription: Subscription) -> Subscription:
    return replace(subscription, renews=subscription.renews + timedelta(days=30), failures=0)


def failed(subscription: Subscription) -> Subscription:
    return replace(subscription, failures=subscription.failures + 1)


def first(items: Iterable[T], default: T) -> T:
    return next(iter(items), default)


@DBOS.workflow()
def subscription(state: Subscription) -> str:
    version = 0
    while state.failures < 3:
        DBOS.set_event(CURRENT, Versioned(state, version))
        version += 1
        wait = (state.renews - now()).total_seconds()
        match DBOS.recv(COMMANDS, timeout_seconds=max(wait, 0)):
            case Cancel(reason=reason):
                return reason
            case Upgrade(plan=plan):
                state = replace(state, plan=plan)
                continue
            case None:
                pass
        try:
            charge(state)
            state = next_period(state)
        except DBOSMaxStepRetriesExceeded:
            state = failed(state)
            DBOS.sleep(86_400)
    return "failed"


def begin(customers: list[str]) -> list[str]:
    renews = datetime.now(UTC) + timedelta(days=30)
    with DBOSContextSetAuth("admin", ["billing"]):
        handles = [DBOS.start_workflow(subscription, Subscription(each, "basic", renews)) for each in customers]
    return [handle.workflow_id for handle in handles]


def plan_of(workflow_id: str) -> str:
    current = DBOS.get_event(workflow_id, CURRENT, timeout_seconds=1)
    return "unknown" if current is None else current.value.plan


def upgrade_all(ids: set[str], plan: str) -> None:
    for workflow_id in ids:
        DBOS.send(workflow_id, Upgrade(plan), COMMANDS)
