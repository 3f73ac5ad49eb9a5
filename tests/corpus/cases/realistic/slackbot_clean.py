"""A bot that answers questions in threads; nested data, many small helpers, module-level clients."""

from __future__ import annotations

import html
import os
import re
import uuid
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, TypedDict

import httpx
import requests
from fastapi import Body, FastAPI, Request
from pydantic import BaseModel

from dbos_typed import DBOS, DBOSConfig, Queue, SetWorkflowID, SetWorkflowTimeout, WorkflowHandle

app = FastAPI()
config: DBOSConfig = {"name": "slackbot", "system_database_url": os.environ.get("DATABASE_URL")}
dbos = DBOS(fastapi=app, config=config)
questions = Queue("questions", concurrency=5, limiter={"limit": 20, "period": 60})
slack = httpx.Client(base_url="https://slack", headers={"authorization": os.environ.get("TOKEN", "")})
bot_id = os.environ.get("BOT", "bot")
chat_history: list[str] = []


class Block(TypedDict, total=False):
    type: str
    text: str
    elements: list[Block]


class Receipt(TypedDict):
    status: Literal["complete", "failed"]
    key: str


class Answer(BaseModel):
    text: str
    sources: list[str] = []
    asked_at: datetime


@lru_cache(maxsize=None)
def template(name: str) -> str:
    return f"Dear {name}, {{text}}"


def texts(blocks: list[Block]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        if block.get("type") == "text":
            found.append(block.get("text", ""))
        found.extend(texts(block.get("elements", [])))
    return found


def clean(text: str) -> str:
    return re.sub("<[^<]+?>", "", html.unescape(text))


def require(value: Any) -> Receipt:
    if not isinstance(value, dict) or "status" not in value:
        raise TypeError("no receipt")
    return {"status": "complete", "key": str(uuid.UUID(int=0))}


@DBOS.step()
def now() -> datetime:
    return datetime.now(UTC)


@DBOS.step(retries_allowed=True, max_attempts=5)
def search(query: str, hours: int) -> list[tuple[str, str]]:
    since = datetime.now(UTC) - timedelta(hours=hours)
    found = requests.get("https://search", params={"q": query, "since": since.isoformat()}, timeout=5).json()
    return [(clean(str(hit["text"])), str(hit["url"])) for hit in found["hits"]]


@DBOS.step()
def post(channel: str, text: str, thread: str | None = None) -> None:
    slack.post("/chat.postMessage", json={"channel": channel, "text": text, "thread_ts": thread})


@DBOS.workflow()
def answer(question: str, channel: str, thread: str | None) -> Answer:
    hits = search(question, hours=24)
    text = template(channel).format(text=", ".join(text for text, _ in hits))
    post(channel, text, thread)
    return Answer(text=text, sources=[url for _, url in hits], asked_at=now())


@DBOS.workflow()
def on_message(message: dict[str, Any]) -> int:
    for text in texts(message.get("blocks", [])):
        if bot_id in text:
            questions.enqueue(answer, text, str(message["channel"]), message.get("thread_ts"))
            return 1
    when = datetime.fromtimestamp(float(message["ts"]), UTC)
    DBOS.set_event("seen", f"{when:%Y-%m-%d %H:%M:%S}")
    receipt = require(DBOS.recv("uploaded", timeout_seconds=30))
    return len(receipt["key"])


@DBOS.scheduled("0 * * * *")
@DBOS.workflow()
def hourly(scheduled: datetime, actual: datetime) -> None:
    handles: list[WorkflowHandle[Answer]] = []
    with SetWorkflowTimeout(60):
        for topic in ("serverless", "durable"):
            handles.append(questions.enqueue(answer, topic, "#news", None))
    total = sum(len(handle.get_result().sources) for handle in handles)
    DBOS.logger.info("Found %s at %s", total, actual - scheduled)


@app.post("/slack")
def receive(request: Request, body: dict[str, Any] = Body(...)) -> dict[str, str]:
    chat_history.append(str(body))
    with SetWorkflowID(str(body.get("event_id", uuid.uuid4()))):
        handle = DBOS.start_workflow(on_message, body)
    return {"id": handle.workflow_id, "at": datetime.now().isoformat(), "url": str(request.url)}


@app.get("/history")
def history() -> list[str]:
    return chat_history


@app.get("/answers")
async def answers(name: str) -> list[str]:
    statuses = await DBOS.list_workflows_async(name=name, status=["SUCCESS", "ERROR"], limit=10)
    return [status.workflow_id for status in statuses]


if __name__ == "__main__":
    DBOS.launch()
    print(DBOS.start_workflow(answer, "why?", "#general", None).get_result().text)
