"""A Kafka broker within the process: topics, groups with stored offsets, and failures on demand."""

import re
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """An error that a consumer reports."""

    text: str
    is_fatal: bool = False

    def str(self) -> str:
        return self.text

    def fatal(self) -> bool:
        return self.is_fatal


@dataclass
class Delivered:
    """A message as a consumer gives it."""

    at: tuple[str, int, int]
    content: bytes | None = None
    fault: Fault | None = None

    def error(self) -> Fault | None:
        return self.fault

    def topic(self) -> str:
        return self.at[0]

    def partition(self) -> int:
        return self.at[1]

    def offset(self) -> int:
        return self.at[2]

    def key(self) -> bytes:
        return f"key {self.at[2]}".encode()

    def value(self) -> bytes | None:
        return self.content

    def headers(self) -> list[tuple[str, str | bytes | None]]:
        return [("source", b"test"), ("nothing", None)]

    def timestamp(self) -> tuple[int, int]:
        return (1, 1_700_000_000_000)

    def latency(self) -> float | None:
        return None

    def leader_epoch(self) -> int:
        return 7


@dataclass
class Broker:
    """Topics with any number of partitions."""

    logs: dict[tuple[str, int], list[bytes]] = field(default_factory=lambda: defaultdict(list))
    stored: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """The next offset by group, topic and partition."""
    faults: list[Fault] = field(default_factory=list)
    """What consumers report next."""
    made: list[dict[str, Any]] = field(default_factory=list)
    """The configurations of all consumers."""
    open_consumers: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def produce(self, topic: str, *values: bytes, partition: int = 0) -> None:
        with self.changed:
            self.logs[topic, partition].extend(values)
            self.changed.notify_all()

    def forget_offsets(self) -> None:
        """Deliver everything again, as after an unclean end of a consumer."""
        with self.changed:
            self.stored.clear()

    def consumer(self, config: dict[str, Any]) -> "Consumer":
        with self.changed:
            self.made.append(config)
            self.open_consumers += 1
        return Consumer(self, config)


class Consumer:
    """The part of confluent_kafka.Consumer that is used."""

    def __init__(self, broker: Broker, config: dict[str, Any]) -> None:
        self._broker = broker
        self._group = config["group.id"]
        self._topics: list[str] = []
        self._position: dict[tuple[str, int], int] = {}

    def subscribe(self, topics: list[str], /) -> None:
        self._topics = topics

    def poll(self, timeout: float, /) -> Delivered | None:
        with self._broker.changed:
            if self._broker.faults:
                return Delivered(("", 0, 0), fault=self._broker.faults.pop(0))
            found = self._next()
            if found is None:
                self._broker.changed.wait(timeout)
                found = self._next()
            return found

    def store_offsets(self, message: Delivered) -> None:
        topic, partition, offset = message.at
        with self._broker.changed:
            self._broker.stored[self._group, topic, partition] = offset + 1
            self._broker.changed.notify_all()

    def close(self) -> None:
        with self._broker.changed:
            self._broker.open_consumers -= 1
            self._broker.changed.notify_all()

    def _next(self) -> Delivered | None:
        for (topic, partition), log in self._broker.logs.items():
            if not any(topic == wanted or (wanted[0] == "^" and re.match(wanted, topic)) for wanted in self._topics):
                continue
            start = self._broker.stored.get((self._group, topic, partition), 0)
            offset = self._position.setdefault((topic, partition), start)
            if offset < len(log):
                self._position[topic, partition] = offset + 1
                return Delivered((topic, partition, offset), log[offset])
        return None
