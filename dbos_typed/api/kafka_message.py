"""The argument of workflows that are started by messages of Apache Kafka."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaMessage:
    """A message of a Kafka topic."""

    headers: list[tuple[str, str | bytes | None]] | None = None
    key: str | bytes | None = None
    latency: float | None = None
    """Seconds, for messages that this process produced."""
    leader_epoch: int | None = None
    offset: int | None = None
    partition: int | None = None
    timestamp: tuple[int, int]
    """Its kind (0 none, 1 creation, 2 arrival at the broker) and the milliseconds since the Unix epoch."""
    topic: str | None = None
    value: str | bytes | None = None
    error: str | None = None
