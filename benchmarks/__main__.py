"""Command line: measure every contender in turn, round by round, and print the medians."""

import argparse
import json
import sys
from pathlib import Path
from typing import TypeVar, get_args

from benchmarks.databases import open_databases
from benchmarks.measurements import PEER_PYTHON, Laboratory, MeasurementError, Setup
from benchmarks.results import Cell, document, table
from benchmarks.scenarios import SCENARIOS, Contender, DatabaseName, ScenarioName

Choice = TypeVar("Choice", ScenarioName, DatabaseName, Contender)


def main() -> int:
    """Measure what the command line asks for; 1 when something failed."""
    arguments = _parser().parse_args()
    scenarios = _chosen(arguments.engine_scenarios, get_args(ScenarioName))
    names = _chosen(arguments.databases, get_args(DatabaseName))
    contenders = _chosen(arguments.contenders, get_args(Contender))
    peer_python = Path(arguments.peer_python)
    if "dbos" in contenders and not peer_python.exists():
        print(f"{peer_python} does not exist: run `make bench`, which installs dbos there", file=sys.stderr)
        return 2
    with open_databases(names) as databases:
        cells = [
            Cell(database=name, scenario=SCENARIOS[scenario], count=arguments.count or SCENARIOS[scenario].count)
            for scenario in scenarios
            for name in names
        ]
        laboratories = {name: Laboratory(databases[name], peer_python) for name in names}
        for cell in cells:
            # Contenders take turns, so that a slow minute of the machine hits all of them.
            for number in range(1, arguments.rounds + 1):
                for contender in contenders:
                    setup = Setup(contender=contender, scenario=cell.scenario, count=cell.count)
                    if setup.exists() and contender not in cell.failures:
                        _measure(laboratories[cell.database], setup, cell, number)
        versions = {name: databases[name].version for name in names}
    print(table(cells, contenders))
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(document(cells, versions), indent=2) + "\n")
    return 1 if any(cell.failures for cell in cells) else 0


def _measure(laboratory: Laboratory, setup: Setup, cell: Cell, number: int) -> None:
    label = f"{cell.scenario.name} {cell.database} round {number} {setup.contender}"
    try:
        cell.add(setup.contender, laboratory.measure(setup))
    except MeasurementError as error:
        cell.failures[setup.contender] = str(error)
        print(f"{label}: {error}", file=sys.stderr)
    else:
        print(f"{label}: {cell.figure(setup.contender)} (median so far)", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--engine-scenarios", default="all", help=f"comma-separated: {', '.join(SCENARIOS)}")
    parser.add_argument("--databases", default="all", help="comma-separated: sqlite, postgres")
    parser.add_argument("--contenders", default="all", help=f"comma-separated: {', '.join(get_args(Contender))}")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender has its turn (default 3)")
    parser.add_argument(
        "--count", type=int, default=0, help="workflows or messages instead of each scenario's own number"
    )
    parser.add_argument("--json", default="", metavar="FILE", help="also write every figure to this file")
    parser.add_argument("--peer-python", default=str(PEER_PYTHON), help="the interpreter that has dbos")
    return parser


def _chosen(text: str, known: tuple[Choice, ...]) -> list[Choice]:
    if text == "all":
        return list(known)
    chosen = [name for word in text.split(",") for name in known if name == word]
    unknown = set(text.split(",")) - set(chosen)
    if unknown:
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(known)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
