"""Command line: harm real servers and real executors, and print what an observer found."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tests.faults.catalogue import FAULTS
from tests.faults.report import findings, head, row
from tests.faults.trial import Verdict, try_fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Try what the command line asks for; 1 when a trial failed."""
    # What is started must be ended on this way out as well.
    signal.signal(signal.SIGTERM, _leave)
    options = _parser().parse_args(arguments)
    if options.list:
        _say("\n".join(FAULTS))
        return 0
    chosen = options.faults or list(FAULTS)
    unknown = sorted(set(chosen) - set(FAULTS))
    if unknown:
        _say(f"unknown: {', '.join(unknown)}; choose from {', '.join(FAULTS)}")
        return 2
    _say(head())
    verdicts: list[Verdict] = []
    for name in chosen:
        for seconds in options.seconds:
            verdict = try_fault(FAULTS[name], seconds, patience=options.patience, logs=options.logs)
            verdicts.append(verdict)
            _say("\n".join((row(verdict), *findings(verdict))))
    failed = sum(verdict.has_failed for verdict in verdicts)
    skipped = sum(verdict.skipped is not None for verdict in verdicts)
    _say(f"{len(verdicts)} trials, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a command line prints


def _leave(number: int, frame: object) -> NoReturn:
    del frame
    sys.exit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--faults", nargs="*", metavar="NAME", help="which faults; default: all of them")
    parser.add_argument("--seconds", nargs="+", type=float, default=[2.0, 10.0], help="how long each of them lasts")
    parser.add_argument(
        "--patience", type=float, default=40.0, help="seconds after the fault until what has not ended is stuck"
    )
    parser.add_argument("--logs", type=Path, metavar="FOLDER", help="keep there what executors and servers wrote")
    parser.add_argument("--list", action="store_true", help="print the names of the faults")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
