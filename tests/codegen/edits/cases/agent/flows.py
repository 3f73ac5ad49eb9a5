"""A model in a loop with tools."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import wire
from dbos_typed import DBOS

from agent import limits, tools
from agent.tools import TOOLS, ToolError


@dataclass
class Thought:
    """What the model says; recorded."""

    tool: str | None
    argument: str


class Model(Protocol):
    """Something that thinks."""

    async def think(self, task_id: str, turn: int, seen: Sequence[str]) -> Thought: ...


class SmallModel:
    """Thinks fast."""

    @DBOS.step()
    async def complete(self, task_id: str, turn: int) -> str:
        return str(wire.post(f"/model/{task_id}/{turn}"))

    async def think(self, task_id: str, turn: int, seen: Sequence[str]) -> Thought:
        return parsed(await self.complete(task_id, turn))


class CarefulModel(SmallModel):
    """Thinks twice."""

    @DBOS.step()
    async def moderate(self, task_id: str, text: str) -> bool:
        wire.post(f"/moderation/{task_id}")
        return True

    async def think(self, task_id: str, turn: int, seen: Sequence[str]) -> Thought:
        text = await self.complete(task_id, turn)
        await self.moderate(task_id, text)
        return parsed(text)


def parsed(text: str) -> Thought:
    """Read what a model wrote."""
    tool, _, argument = text.partition(": ")
    return Thought(tool, argument) if argument else Thought(None, text)


@dataclass
class Agent:
    """A model with its tools."""

    model: Model
    greeting: str = "hello"
    retries: int = 1

    async def use(self, task_id: str, thought: Thought) -> str:
        name = thought.tool or ""
        if name not in TOOLS:
            return "no such tool"
        if not limits.is_allowed(name):
            return "not allowed"
        with tools.traced(name):
            for attempt in range(self.retries + 1):
                try:
                    found = await TOOLS[name](task_id, thought.argument)
                    break
                except ToolError:
                    await tools.bill(task_id, f"failure-{attempt}")
            else:
                return "failed"
        if name in limits.BILLED:
            await tools.bill(task_id, name)
        return found

    async def solve(self, task_id: str) -> str:
        seen: list[str] = []
        for turn in limits.turns():
            thought = await self.model.think(task_id, turn, seen)
            if thought.tool is None:
                return thought.argument
            seen.append(await self.use(task_id, thought))
        return "gave up"


AGENT = Agent(SmallModel())


@DBOS.workflow()
async def solve(task_id: str) -> str:
    answer = await AGENT.solve(task_id)
    DBOS.logger.debug("%s", answer)
    return answer


@DBOS.workflow()
async def compare(task_id: str, queries: list[str]) -> str:
    found = await asyncio.gather(*(tools.search(task_id, query) for query in queries[: limits.MAX_PARALLEL]))
    if limits.VERBOSE:
        await tools.bill(task_id, "verbose")
    return await tools.summarize(task_id, " ".join(found))
