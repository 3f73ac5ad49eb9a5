from __future__ import annotations

import functools
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from dbos_typed import DBOS

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def stage(name: str) -> Generator[None, None, None]:
    DBOS.set_event("stage", name)
    yield
    DBOS.set_event("stage", f"{name} done")


@contextmanager
def quiet(name: str) -> Generator[None, None, None]:
    DBOS.logger.info(name)
    yield


def published(func: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with quiet("published"):
            return func(*args, **kwargs)

    return wrapper


@published
def wait(seconds: float) -> None:
    DBOS.sleep(seconds)


@DBOS.step()
def compile_all(names: list[str]) -> int:
    with quiet("compile"):
        pass
    with stage("compile"):  # E: dbos-context
        return len(names)


@DBOS.transaction()
def store(names: list[str]) -> int:
    wait(1)  # E: dbos-context
    return len(names)


@DBOS.workflow()
def build(names: list[str]) -> int:
    with stage("build"), quiet("build"):
        wait(1)
        return compile_all(names) + store(names)
