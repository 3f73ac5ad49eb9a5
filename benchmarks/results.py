"""Figures from reports: medians over rounds, the table, the JSON document."""

import importlib.metadata
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.protocol import Report
from benchmarks.scenarios import Contender, DatabaseName, Scenario

_MILLISECONDS = 1000.0
_RATIOS: tuple[tuple[Contender, Contender], ...] = (
    ("dbos", "dbos_typed"),
    ("dbos_typed", "floor"),
    ("dbos_typed", "batched"),
    ("dbos", "floor"),
)
_TITLES: dict[Contender, str] = {
    "dbos_typed": "dbos_typed",
    "dbos": "dbos 3.4.0",
    "floor": "floor",
    "batched": "floor, batched",
}


@dataclass(slots=True, kw_only=True)
class Cell:
    """One scenario on one database: the reports of every round, by contender."""

    database: DatabaseName
    scenario: Scenario
    count: int
    rounds: dict[Contender, list[Report]] = field(default_factory=dict[Contender, list[Report]])
    failures: dict[Contender, str] = field(default_factory=dict[Contender, str])

    def add(self, contender: Contender, report: Report) -> None:
        """Keep one more round."""
        self.rounds.setdefault(contender, []).append(report)

    def cost(self, contender: Contender) -> float | None:
        """Median seconds per operation (of medians, for a latency); None without a round."""
        reports = self.rounds.get(contender)
        return statistics.median(map(_cost, reports)) if reports else None

    def figure(self, contender: Contender) -> str:
        """The median in the scenario's unit."""
        cost = self.cost(contender)
        if cost is None:
            return "failed" if contender in self.failures else "-"
        if self.scenario.unit == "workflows/s":
            return f"{1 / cost:,.0f} /s"
        tail = statistics.median(_percentile(report.samples, 95) for report in self.rounds[contender])
        return f"{cost * _MILLISECONDS:.2f} (p95 {tail * _MILLISECONDS:.2f}) ms"

    def ratio(self, slower: Contender, faster: Contender) -> str:
        """How many times as much time `slower` takes."""
        slow, fast = self.cost(slower), self.cost(faster)
        return "-" if slow is None or fast is None else f"{slow / fast:.2f}x"


def table(cells: Sequence[Cell], contenders: Sequence[Contender]) -> str:
    """Lay the figures out as a Markdown table, with ratios of time: above 1 the first takes longer."""
    ratios = [pair for pair in _RATIOS if set(pair) <= set(contenders)]
    rows = [
        ["scenario", "database"]
        + [_TITLES[contender] for contender in contenders]
        + [f"{_TITLES[slower]} / {_TITLES[faster]}" for slower, faster in ratios]
    ]
    rows += [
        [cell.scenario.title.format(count=f"{cell.count:,}"), cell.database]
        + [cell.figure(contender) for contender in contenders]
        + [cell.ratio(slower, faster) for slower, faster in ratios]
        for cell in cells
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def document(cells: Sequence[Cell], versions: Mapping[str, str]) -> dict[str, object]:
    """Everything measured, for a machine to read; times in seconds."""
    return {
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "processors": os.cpu_count(),
            "sqlalchemy": importlib.metadata.version("sqlalchemy"),
            "psycopg": importlib.metadata.version("psycopg"),
            **versions,
        },
        "scenarios": [
            {
                "scenario": cell.scenario.name,
                "database": cell.database,
                "count": cell.count,
                "unit": cell.scenario.unit,
                "contenders": {
                    contender: {
                        "median_seconds_per_operation": cell.cost(contender),
                        "rounds": [_cost(report) for report in reports],
                        "p95": [_percentile(report.samples, 95) for report in reports if report.samples],
                    }
                    for contender, reports in cell.rounds.items()
                },
                "failures": cell.failures,
            }
            for cell in cells
        ],
    }


def _cost(report: Report) -> float:
    return statistics.median(report.samples) if report.samples else report.seconds / report.operations


def _percentile(samples: Sequence[float], percent: int) -> float:
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]
