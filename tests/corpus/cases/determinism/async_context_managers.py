import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from dbos_typed import DBOS


@asynccontextmanager
async def traced(name: str) -> AsyncGenerator[str, None]:
    yield f"{name}-{uuid.uuid4()}"


@asynccontextmanager
async def named(name: str) -> AsyncGenerator[str, None]:
    yield name


class Timer:
    def __init__(self) -> None:
        self.begun = 0.0

    def __enter__(self) -> "Timer":
        self.begun = time.monotonic()
        return self

    def __exit__(self, *error: object) -> None:
        self.begun = 0.0


@DBOS.step()
async def work(name: str) -> str:
    async with traced(name) as trace:
        return trace


@DBOS.workflow()
async def run(name: str) -> str:
    async with named(name) as label:
        print(label)
    async with traced(name) as trace:  # E: dbos-deterministic
        print(trace)
    with Timer() as timer:  # E: dbos-deterministic
        print(timer)
    return await work(name)
