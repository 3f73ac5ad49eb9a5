"""Kafka: one workflow for every message."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Protocol

from dbos_typed.api.kafka_message import KafkaMessage
from dbos_typed.api.observing import logger
from dbos_typed.core.context import AssignedId, Frame
from dbos_typed.core.health import ServiceHealth
from dbos_typed.core.names import KAFKA
from dbos_typed.core.ops import workflows
from dbos_typed.core.ops.workflows import Enqueued, Target
from dbos_typed.error import DBOSConflictingWorkflowError, DBOSInitializationError
from dbos_typed.runtime import current
from dbos_typed.runtime.services.supervision import ServiceThread

POLL_SECONDS = 0.5
MAX_GROUP_LENGTH = 255


class KafkaError(Protocol):
    """What is used of `confluent_kafka.KafkaError`."""

    def str(self) -> str: ...

    def fatal(self) -> bool: ...


class ReceivedMessage(Protocol):
    """What is used of `confluent_kafka.Message`."""

    def error(self) -> KafkaError | None: ...

    def topic(self) -> str | None: ...

    def partition(self) -> int | None: ...

    def offset(self) -> int | None: ...

    def key(self) -> str | bytes | None: ...

    def value(self) -> str | bytes | None: ...

    def headers(self) -> list[tuple[str, str | bytes | None]] | None: ...

    def timestamp(self) -> tuple[int, int]: ...

    def latency(self) -> float | None: ...

    def leader_epoch(self) -> int | None: ...


class KafkaConsumer(Protocol):
    """What is used of `confluent_kafka.Consumer`."""

    def subscribe(self, topics: list[str], /) -> None: ...

    def poll(self, timeout: float, /) -> ReceivedMessage | None: ...

    def store_offsets(self, message: ReceivedMessage) -> None: ...

    def close(self) -> None: ...


class KafkaConsumerError(Exception):
    """A consumer cannot go on."""


class KafkaConsumerService:
    """Consumes topics on a thread, and starts over with a new consumer after every failure."""

    is_intake = True

    def __init__(
        self,
        *,
        target: Target,
        config: Mapping[str, Any],
        topics: Sequence[str],
        queue_of: Callable[[str], str],
        make_consumer: Callable[[dict[str, Any]], KafkaConsumer] | None,
    ) -> None:
        """`queue_of(topic)` names the queue on which the workflows for a topic wait."""
        self._target = target
        self._topics = list(topics)
        self._queue_of = queue_of
        self._make_consumer = make_consumer or _confluent_consumer()
        self._group = _group_of(config, target.definition.qualname, topics)
        self._config: dict[str, Any] = {
            "auto.offset.reset": "earliest",
            "error_cb": self._warn,
            **config,
            "group.id": self._group,
            # An offset is stored when its workflow is durable, not when the message was fetched.
            "enable.auto.offset.store": False,
        }
        self._thread = ServiceThread(self, logger)

    @property
    def name(self) -> str:
        return f"dbos-kafka-{self._group}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._thread.stop()

    def health(self) -> ServiceHealth | None:
        return self._thread.health()

    def run(self, stop: threading.Event) -> None:
        consumer = self._make_consumer(dict(self._config))
        try:
            consumer.subscribe(self._topics)
            while not stop.is_set():
                received = consumer.poll(POLL_SECONDS)
                if received is None:
                    continue
                error = received.error()
                if error is None:
                    self._start_workflow(_message(received))
                    consumer.store_offsets(message=received)
                elif error.fatal():
                    msg = f"Kafka, group {self._group!r}: {error.str()}"
                    raise KafkaConsumerError(msg)
                else:
                    logger.error("Kafka, group %r: %s", self._group, error.str())
        finally:
            consumer.close()

    def wake(self) -> None:
        """It waits for messages only, and not for long."""

    def _warn(self, error: KafkaError) -> None:
        logger.warning("Kafka, group %r: %s", self._group, error.str())

    def _start_workflow(self, message: KafkaMessage) -> None:
        topic = message.topic or ""
        # Offsets have a fixed width, so that workflows enqueued in one millisecond are taken in their order.
        workflow_id = f"{KAFKA}{topic}-{message.partition}-{self._group}-{message.offset or 0:020d}"
        backend = current.get()
        operation = workflows.start_workflow(
            backend.engine,
            Frame(assigned_id=AssignedId(workflow_id)),
            self._target,
            (message,),
            {},
            Enqueued(queue_name=self._queue_of(topic)),
        )
        try:
            backend.run(operation)
        except DBOSConflictingWorkflowError as error:
            # Delivered again with other details; the workflow of the first delivery counts.
            logger.log(logging.DEBUG, "A Kafka message was delivered again: %s", error)


def _message(received: ReceivedMessage) -> KafkaMessage:
    return KafkaMessage(
        headers=received.headers(),
        key=received.key(),
        latency=received.latency(),
        leader_epoch=received.leader_epoch(),
        offset=received.offset(),
        partition=received.partition(),
        timestamp=received.timestamp(),
        topic=received.topic(),
        value=received.value(),
    )


def _group_of(config: Mapping[str, Any], workflow: str, topics: Sequence[str]) -> str:
    given = config.get("group.id")
    if given is not None:
        return str(given)
    parts = (re.sub(r"[^a-zA-Z0-9-]", "", part) for part in (workflow, *topics))
    group = f"dbos-kafka-group-{'-'.join(parts)}"[:MAX_GROUP_LENGTH]
    logger.warning("The Kafka consumer of workflow %r has no group.id; it is in the group %r.", workflow, group)
    return group


def _confluent_consumer() -> Callable[[dict[str, Any]], KafkaConsumer]:
    try:
        consumer: Callable[[dict[str, Any]], KafkaConsumer] = import_module("confluent_kafka").Consumer
    except ImportError as error:
        msg = "@DBOS.kafka_consumer() needs the package confluent-kafka: pip install 'dbos-typed[kafka]'."
        raise DBOSInitializationError(msg) from error
    return consumer
