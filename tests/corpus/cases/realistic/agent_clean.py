"""An agent that calls a model and tools until it is done."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

import httpx

from dbos_typed import DBOS, Event, Queue, Stream

API_KEY = os.environ.get("MODEL_KEY", "")
TOKENS = Stream[str]("tokens")
TURN = Event[int]("turn")
agents = Queue("agents", worker_concurrency=4)


class Message(TypedDict):
    role: Literal["user", "assistant", "tool"]
    content: str


@dataclass(frozen=True)
class ToolCall:
    name: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Reply:
    text: str
    calls: list[ToolCall] = field(default_factory=list[ToolCall])


def parse(raw: str) -> Reply:
    data = json.loads(raw)
    return Reply(str(data["text"]), [ToolCall(str(call["name"])) for call in data.get("calls", [])])


@DBOS.step(retries_allowed=True, max_attempts=3)
async def complete(messages: list[Message]) -> Reply:
    async with httpx.AsyncClient(headers={"authorization": API_KEY}) as client:
        response = await client.post("https://model/complete", json={"messages": messages})
        return parse(response.text)


@DBOS.step()
async def run_tool(call: ToolCall) -> str:
    await asyncio.sleep(0.01)
    return f"{call.name}: ok"


@DBOS.workflow()
async def research(topic: str) -> str:
    reply = await complete([{"role": "user", "content": topic}])
    return reply.text


@DBOS.workflow()
async def agent(goal: str, max_turns: int = 5) -> str:
    messages: list[Message] = [{"role": "user", "content": goal}]
    background = await DBOS.start_workflow_async(research, goal)
    for turn in range(max_turns):
        await DBOS.set_event_async(TURN, turn)
        reply = await complete(messages)
        await DBOS.write_stream_async(TOKENS, reply.text)
        messages.append({"role": "assistant", "content": reply.text})
        if not reply.calls:
            break
        results = await asyncio.gather(*(run_tool(call) for call in reply.calls))
        messages.extend({"role": "tool", "content": result} for result in results)
        if await DBOS.recv_async("stop", timeout_seconds=0) is not None:
            break
        await DBOS.sleep_async(1)
    await DBOS.close_stream_async(TOKENS)
    return messages[-1]["content"] + await background.get_result()


async def serve(goals: list[str]) -> list[str]:
    handles = await asyncio.gather(*(agents.enqueue_async(agent, goal, max_turns=3) for goal in goals))
    done = await asyncio.gather(*(handle.get_result() for handle in handles))
    async for token in DBOS.read_stream_async(handles[0].workflow_id, TOKENS):
        print(token, end="")
    await asyncio.sleep(1)
    return list(done)
