"""What the agent can do."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator

import wire
from dbos_typed import DBOS

logger = logging.getLogger(__name__)
Tool = Callable[[str, str], Awaitable[str]]


class ToolError(Exception):
    """A tool that did not work."""


class Registry:
    """Tools by name."""

    def __init__(self) -> None:
        self._tools: dict[str, Tool] = {}

    def tool(self, name: str) -> Callable[[Tool], Tool]:
        """Register a tool."""

        def register(function: Tool) -> Tool:
            self._tools[name] = function
            return function

        return register

    def __getitem__(self, name: str) -> Tool:
        return self._tools[name]

    def __contains__(self, name: str) -> bool:
        return name in self._tools


TOOLS = Registry()


@TOOLS.tool("search")
@DBOS.step()
async def search(task_id: str, query: str) -> str:
    return str(wire.post(f"/search/{task_id}/{query}"))


@DBOS.step()
async def fetch(task_id: str, url: str) -> str:
    try:
        return str(wire.post(f"/fetch/{task_id}/{url}"))
    except wire.Refused as refusal:
        raise ToolError(str(refusal)) from refusal


@DBOS.step()
async def summarize(task_id: str, text: str) -> str:
    wire.post(f"/summaries/{task_id}")
    return text[:10]


@TOOLS.tool("read")
async def read(task_id: str, url: str) -> str:
    """Fetch and summarize."""
    return await summarize(task_id, await fetch(task_id, url))


@TOOLS.tool("echo")
async def echo(task_id: str, text: str) -> str:
    """Say it again."""
    return text


@DBOS.step()
async def bill(task_id: str, what: str) -> None:
    wire.post(f"/billing/{task_id}/{what}")


@contextlib.contextmanager
def traced(name: str) -> Iterator[None]:
    """Tell when something begins and ends."""
    logger.debug("begin %s", name)
    yield
    logger.debug("end %s", name)
