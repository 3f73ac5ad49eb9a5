"""Workflows for messages of Apache Kafka."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeVar

from dbos_typed.api.functions import Workflow
from dbos_typed.api.invoke import resolved
from dbos_typed.api.kafka_message import KafkaMessage
from dbos_typed.api.queue import Queue
from dbos_typed.api.services import Service, services
from dbos_typed.core.engine import INTERNAL_QUEUE
from dbos_typed.core.names import check_name

KafkaWorkflow = TypeVar("KafkaWorkflow", bound=Workflow[[KafkaMessage], Any])


class Consuming:
    """Consumers of other systems."""

    @classmethod
    def kafka_consumer(
        cls,
        config: Mapping[str, Any],
        topics: Sequence[str],
        in_order: bool = False,
        *,
        make_consumer: Callable[[dict[str, Any]], Any] | None = None,
    ) -> Callable[[KafkaWorkflow], KafkaWorkflow]:
        """Start the workflow once for every message of the topics; goes above `@DBOS.workflow()`.

        `config` is that of `confluent_kafka.Consumer`; without a `group.id` one is made from the names of the workflow
        and the topics. A message counts as consumed when its workflow is durable. Its id is made of topic, partition,
        group and offset, so a message that is delivered again starts nothing. With `in_order` the messages of each
        topic are processed one at a time, in their order within each partition. `make_consumer(config)` gives another
        consumer than `confluent_kafka.Consumer`, with the same methods.

        ValueError: a topic cannot be used. DBOSInitializationError, at launch: confluent_kafka is not installed.
        """
        if isinstance(topics, str) or not topics:
            msg = f"@DBOS.kafka_consumer(): topics is {topics!r}; give a list of at least one topic."
            raise ValueError(msg)
        for topic in topics:
            check_name(topic, "a topic of @DBOS.kafka_consumer()")
            if in_order and topic.startswith("^"):
                msg = (
                    f"@DBOS.kafka_consumer(): topic {topic!r} is a pattern, and in_order=True needs to know the "
                    "topics. List them."
                )
                raise ValueError(msg)

        def consume(workflow: KafkaWorkflow) -> KafkaWorkflow:
            target, _ = resolved(workflow, (), "@DBOS.kafka_consumer()")
            queues = {topic: Queue(f"_dbos_kafka_queue_topic_{topic}", 1).name for topic in topics} if in_order else {}

            def queue_of(topic: str) -> str:
                return queues.get(topic, INTERNAL_QUEUE)

            def service() -> Service:
                # Needs confluent_kafka, which only applications with consumers have.
                module = import_module("dbos_typed.integrations.kafka")
                made: Service = module.KafkaConsumerService(
                    target=target,
                    config=config,
                    topics=topics,
                    queue_of=queue_of,
                    make_consumer=make_consumer,
                )
                return made

            services.register(service)
            return workflow

        return consume
