from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from dbos_typed import DBOS, DBOSContextEnsure, SetWorkflowID

P = ParamSpec("P")
R = TypeVar("R")
TASKS: dict[str, Callable[..., object]] = {}


def task(func: Callable[P, R]) -> Callable[P, R]:
    TASKS[repr(func)] = func
    return func


def in_workflow(func: Callable[P, R]) -> Callable[P, R]:
    """Run a function in a workflow of its own."""

    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with DBOSContextEnsure(), SetWorkflowID(repr(func)):
            return func(*args, **kwargs)

    return wrapper


@DBOS.workflow()
def notify(user: str) -> None:
    DBOS.set_event("user", user)


@task
def notify_all(users: list[str]) -> list[str]:
    return [DBOS.start_workflow(notify, user).workflow_id for user in users]


@in_workflow
def maybe_in_a_workflow(user: str) -> None:
    DBOS.set_event("user", user)


def in_threads(users: list[str]) -> None:
    with ThreadPoolExecutor() as pool:
        for _ in pool.map(notify, users):
            pass
    thread = threading.Thread(target=notify, args=("ann",))
    thread.start()
    asyncio.run(asyncio.to_thread(notify, "bob"))
