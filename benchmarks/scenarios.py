"""What is measured, and how much of it. Standard library only: drivers import it in every environment."""

from dataclasses import dataclass
from typing import Literal

ScenarioName = Literal["sequential", "threads", "started", "async", "message", "recovery"]
DatabaseName = Literal["sqlite", "postgres"]
Contender = Literal["dbos_typed", "dbos", "floor", "batched"]
"""Two engines; the writes alone, one commit each; the writes alone, batched as far as durability allows."""

EXECUTOR_THREADS = 64
STEPS = 3
WARM_UP_WORKFLOWS = 20
MESSAGE_TOPIC = "work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One thing to measure. `count` is the number of workflows, or of messages."""

    name: ScenarioName
    title: str
    count: int
    unit: Literal["workflows/s", "ms"]
    timeout_seconds: float


SCENARIOS: dict[ScenarioName, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            name="sequential",
            title="{count} workflows of 3 steps, one after the other",
            count=300,
            unit="workflows/s",
            timeout_seconds=300,
        ),
        Scenario(
            name="threads",
            title="{count} workflows of 3 steps on 64 threads",
            count=2000,
            unit="workflows/s",
            timeout_seconds=600,
        ),
        Scenario(
            name="started",
            title="{count} workflows of 3 steps started by one thread, run on 64",
            count=2000,
            unit="workflows/s",
            timeout_seconds=600,
        ),
        Scenario(
            name="async",
            title="{count} async workflows of 3 async steps, gathered",
            count=2000,
            unit="workflows/s",
            timeout_seconds=600,
        ),
        Scenario(
            name="message",
            title="from send() to recv() returning, {count} messages",
            count=200,
            unit="ms",
            timeout_seconds=300,
        ),
        Scenario(
            name="recovery",
            title="recovery of {count} workflows with 1 of 3 steps recorded",
            count=5000,
            unit="workflows/s",
            timeout_seconds=900,
        ),
    )
}
