"""Webhooks: received by FastAPI, delivered with retries, secrets signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, Field

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowID
from dbos_typed.error import DBOSException, DBOSMaxStepRetriesExceeded

app = FastAPI()
SECRET = os.environ.get("SECRET", "").encode() or secrets.token_bytes(16)
deliveries = Queue("deliveries", worker_concurrency=10, priority_enabled=True)


class Hook(BaseModel):
    url: str
    event: str = Field(min_length=1)
    payload: dict[str, Any] = {}


@dataclass(frozen=True)
class Attempt:
    number: int
    status: int
    at: datetime


def sign(body: bytes) -> str:
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def body_of(hook: Hook) -> bytes:
    return json.dumps({"event": hook.event, "payload": hook.payload}, sort_keys=True).encode()


def user(authorization: Annotated[str, Header()]) -> str:
    if not authorization:
        raise HTTPException(401)
    return authorization.removeprefix("Bearer ")


@DBOS.step(retries_allowed=True, max_attempts=5, backoff_rate=3)
def post(hook: Hook, number: int) -> Attempt:
    body = body_of(hook)
    response = httpx.post(hook.url, content=body, headers={"x-signature": sign(body), "x-id": str(uuid.uuid4())})
    response.raise_for_status()
    return Attempt(number, response.status_code, datetime.now(UTC))


@DBOS.workflow()
def deliver(hook: Hook, attempts: int = 3) -> list[Attempt]:
    done: list[Attempt] = []
    for number in range(attempts):
        try:
            done.append(post(hook, number))
        except DBOSMaxStepRetriesExceeded as error:
            DBOS.logger.warning("attempt %s: %s", number, error)
            DBOS.sleep(60 * 2**number)
        else:
            break
    DBOS.set_event("attempts", len(done))
    return done


@app.exception_handler(DBOSException)
def on_error(request: object, error: DBOSException) -> Mapping[str, str]:
    return {"error": error.message, "request": repr(request)}


@app.post("/hooks")
def create(hook: Hook, who: Annotated[str, Depends(user)], key: Annotated[str | None, Header()] = None) -> dict[str, str]:
    with SetWorkflowID(key or str(uuid.uuid4())), SetEnqueueOptions(priority=1, deduplication_id=f"{who}-{hook.url}"):
        handle = deliveries.enqueue(deliver, hook)
    return {"id": handle.workflow_id}


@app.get("/hooks/{hook_id}")
def show(hook_id: str) -> dict[str, Any]:
    status = DBOS.retrieve_workflow(hook_id, workflow=deliver).get_status()
    last = status.output[-1] if status.output else None
    return {"status": status.status, "last": None if last is None else last.at.isoformat()}


@app.delete("/hooks/{hook_id}")
def cancel(hook_id: str) -> None:
    DBOS.cancel_workflow(hook_id)
