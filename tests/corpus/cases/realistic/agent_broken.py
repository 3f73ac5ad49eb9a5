"""The agent, as written on a Friday."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from dbos_typed import DBOS, Event, Queue

TURN = Event[int]("turn")
agents = Queue("agents-broken")
HISTORY: list[str] = []


@dataclass
class Tool:
    name: str
    run: Callable[[str], str]


@dataclass(frozen=True)
class Plan:
    steps: list[str]


@DBOS.step()
async def plan(goal: str) -> Plan:
    await DBOS.set_event_async(TURN, 0)  # E: dbos-context
    return Plan(goal.split())


@DBOS.step()
async def call_tool(tool: Tool, argument: str) -> str:
    return tool.run(argument)


@DBOS.step()
async def load_client() -> httpx.AsyncClient:  # E: dbos-serializable
    return httpx.AsyncClient()


def session_id() -> str:
    return uuid.uuid4().hex[:8]


def remember(text: str) -> None:
    HISTORY.append(text)


@DBOS.workflow()
async def sub_agent(goal: str, tools: list[Tool]) -> str:  # E: dbos-serializable
    return goal + tools[0].name


@DBOS.workflow()
async def agent(goal: str) -> str:
    session = session_id()  # E: dbos-deterministic
    steps = await plan(goal)
    print(steps.step)  # E: type
    started = time.monotonic()  # E: dbos-deterministic
    DBOS.set_event(TURN, 1)  # E: dbos-async
    for number, step in enumerate(steps.steps):
        await DBOS.set_event_async(TURN, number)
        await DBOS.set_event_async(TURN, step)  # E: type
        remember(step)  # E: dbos-deterministic
        await asyncio.sleep(1)  # E: dbos-deterministic
    DBOS.sleep(1)  # E: dbos-async
    answer = await DBOS.recv_async("answer")
    return f"{session} {started} {answer}"


async def main() -> str:
    handle = await agents.enqueue_async(agent, "goal")
    other = await agents.enqueue_async(agent, 3)  # E: type
    await DBOS.start_workflow_async(plan, "goal")  # E: dbos-workflow
    print(await other.get_result())
    print(session_id())
    turn = await DBOS.get_event_async(handle.workflow_id, TURN)
    print(turn + 1)  # E: type
    return handle.get_result()  # E: type
