from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from dbos_typed import DBOS, Event, Topic


@dataclass(frozen=True)
class Start:
    kind: Literal["start"] = "start"


@dataclass(frozen=True)
class Stop:
    reason: str
    kind: Literal["stop"] = "stop"


class Report(BaseModel):
    lines: list[str] = []


SIGNALS = Topic[Start | Stop]("signals")
REPORTS = Event[list[Report]]("reports")
LIMITS = Event[dict[str, float]]("limits")
PAIRS = Topic[tuple[int, ...]]("pairs")


@DBOS.workflow()
def machine() -> str:
    DBOS.set_event(REPORTS, [])
    DBOS.set_event(REPORTS, [Report()])
    DBOS.set_event(REPORTS, Report())  # E: type
    DBOS.set_event(LIMITS, {})
    DBOS.set_event(LIMITS, {"a": 1})
    DBOS.set_event(LIMITS, {"a": "1"})  # E: type
    signal = DBOS.recv(SIGNALS)
    if signal is None:
        return "timeout"
    if signal.kind == "start":
        print(signal.reason)  # E: type
        return "started"
    pair = DBOS.recv(PAIRS) or ()
    return signal.reason + str(sum(pair))


def control(workflow_id: str) -> None:
    DBOS.send(workflow_id, Start(), SIGNALS)
    DBOS.send(workflow_id, Stop("late"), SIGNALS)
    DBOS.send(workflow_id, Stop, SIGNALS)  # E: type
    DBOS.send(workflow_id, "stop", SIGNALS)  # E: type
    DBOS.send(workflow_id, (1, 2, 3), PAIRS)
    DBOS.send(workflow_id, [1, 2, 3], PAIRS)  # E: type
