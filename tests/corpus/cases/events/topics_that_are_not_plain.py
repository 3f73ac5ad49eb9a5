from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

from dbos_typed import DBOS, DBOSConfiguredInstance, Topic, WorkflowHandle


class Name(str, Enum):
    START = "start"
    STOP = "stop"


def wait_for(topic: str, seconds: float = 1) -> Any:
    return DBOS.recv(topic, timeout_seconds=seconds)


def poll(receive: Callable[[str], Any]) -> Any:
    return receive("polled")


@DBOS.workflow()
def dynamic(count: int) -> int:
    for number in range(count):
        DBOS.recv(f"item-{number}")
    return count


@DBOS.workflow()
def through_helper() -> str:
    return str(wait_for("go"))


@DBOS.workflow()
def enumerated() -> str:
    return str(DBOS.recv(Name.START)) + str(DBOS.recv(Name.STOP.value))


@DBOS.workflow()
def aliased() -> str:
    receive = DBOS.recv
    later = partial(DBOS.recv, "partial")
    return f"{receive('aliased')}{later()}{poll(DBOS.recv)}"


@DBOS.workflow()
async def gathered() -> list[Any]:
    return list(await asyncio.gather(DBOS.recv_async("left"), DBOS.recv_async("right")))


class Listener(DBOSConfiguredInstance):
    topic = "listener"

    def names(self) -> list[str]:
        return ["one", "two"]

    def listen(self) -> Any:
        return DBOS.recv(self.topic)

    @DBOS.workflow()
    def run(self) -> list[Any]:
        return [self.listen(), *(DBOS.recv(name) for name in self.names())]


class Quiet(Listener):
    def listen(self) -> Any:
        return DBOS.recv("quiet")


def handles(listener: Listener, quiet: Quiet, count: int) -> None:
    DBOS.send(DBOS.start_workflow(dynamic, count).workflow_id, 1, "item-1")
    DBOS.send(DBOS.start_workflow(through_helper).workflow_id, 1, "go")
    DBOS.send(DBOS.start_workflow(enumerated).workflow_id, 1, "start")
    DBOS.send(DBOS.start_workflow(enumerated).workflow_id, 1, Name.STOP)
    DBOS.send(DBOS.start_workflow(aliased).workflow_id, 1, "aliased")
    DBOS.send(DBOS.start_workflow(aliased).workflow_id, 1, "partial")
    DBOS.send(DBOS.start_workflow(aliased).workflow_id, 1, "polled")
    DBOS.send(DBOS.start_workflow(gathered).workflow_id, 1, "right")
    DBOS.send(DBOS.start_workflow(listener.run).workflow_id, 1, "listener")
    DBOS.send(DBOS.start_workflow(listener.run).workflow_id, 1, "two")
    DBOS.send(DBOS.start_workflow(quiet.run).workflow_id, 1, "quiet")
    DBOS.send(DBOS.start_workflow(enumerated).workflow_id, 1, "begin")  # E: dbos-topic


def any_handle(handle: WorkflowHandle[int], topic: Topic[int]) -> None:
    DBOS.send(handle.workflow_id, 1, "whatever")
    DBOS.send(handle.workflow_id, 1, topic)
    DBOS.send(DBOS.retrieve_workflow("id").workflow_id, 1, "whatever")
