"""What a driver process tells the process that started it: JSON, one object a line, on standard output."""

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from typing import Literal, TextIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One line from a driver.

    `waiting`: a process that is to be killed has reached that point. `result`: the measurement is done; it took
    `seconds` for `operations`, or consists of `samples` (seconds each).
    """

    kind: Literal["waiting", "result"]
    operations: int = 0
    seconds: float = 0.0
    samples: list[float] = field(default_factory=list[float])


def claim_stdout() -> TextIO:
    """Take standard output for reports; whatever else the process prints goes to standard error from now on."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return channel


def send(channel: TextIO, report: Report) -> None:
    """Write one report."""
    channel.write(json.dumps(asdict(report)) + "\n")
    channel.flush()


def parse(line: str) -> Report:
    """Read one report back."""
    return Report(**json.loads(line))
