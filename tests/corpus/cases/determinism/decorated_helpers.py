import functools
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from dbos_typed import DBOS

P = ParamSpec("P")
R = TypeVar("R")


def measured(func: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        DBOS.logger.info(func)
        return func(*args, **kwargs)

    return wrapper


@measured
def current() -> float:
    return time.time()


@functools.cache
def squared(n: int) -> int:
    return n * n


@contextmanager
def timing(name: str) -> Generator[None, None, None]:
    begun = time.monotonic()
    yield
    DBOS.logger.info("%s %s", name, time.monotonic() - begun)


@contextmanager
def section(name: str) -> Generator[None, None, None]:
    DBOS.logger.info(name)
    yield


@DBOS.workflow()
def run(n: int) -> float:
    with section("a"):
        print(squared(n))
    with timing("b"):  # E: dbos-deterministic-log
        print(n)
    return current()  # E: dbos-deterministic
