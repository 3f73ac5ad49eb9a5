from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
CALLS: Counter[str] = Counter()
tenant: ContextVar[str] = ContextVar("tenant", default="-")
logger = logging.getLogger(__name__)


def observed(
    func: Callable[P, Coroutine[Any, Any, R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    @functools.wraps(func)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        begun = time.perf_counter()
        try:
            return await func(*args, **kwargs)
        finally:
            CALLS[tenant.get()] += 1
            logger.info("%.3f", time.perf_counter() - begun)

    return wrapper


async def settle(*coroutines: Coroutine[Any, Any, R]) -> list[R]:
    return list(await asyncio.gather(*coroutines))
