"""Command line: every operation under every fault, then random programs under random faults until the time is over."""

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.behaviour.forms import FORMS, Form
from tests.postgres_server import FORGETFUL, fresh_database, running_postgres
from tests.simulation.laboratory import Laboratory
from tests.simulation.seeds import chosen_seed
from tests.simulation.simulator import Simulator
from tests.simulation.trials import explore

DATABASES = ("sqlite", "postgres")


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate what the command line asks for; 1 when something went otherwise than it does undisturbed."""
    options = _parser().parse_args(arguments)
    pairs = list(itertools.product(options.databases, options.forms))
    failed = 0
    with tempfile.TemporaryDirectory() as folder, _server(options.databases) as server:
        for database, form in pairs:
            with _database(database, server, Path(folder) / f"{form}.sqlite") as url:
                failed += _simulate(url, form, options.seed, options.minutes * 60 / len(pairs), options.share)
    _say(f"{failed} failed")
    return 1 if failed else 0


def _simulate(url: str, form: Form, seed: int, seconds: float, share: int) -> int:
    """How much failed on one database in one form."""
    failed = 0
    with pytest.MonkeyPatch.context() as patch:
        laboratory = Laboratory(url, form, patch)
        simulator = Simulator(laboratory)
        _say(f"--- {laboratory.backend}, {form}, seed {seed}")
        with laboratory.launched():
            if share:
                tally = explore(laboratory, share=share, seed=seed)
                failed += len(tally.problems)
                _say("\n".join((str(tally), *tally.problems)))
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                played = simulator.play(seed)
                failed += bool(played.problems)
                _say(str(played))
                seed += 1
    return failed


@contextmanager
def _server(databases: Sequence[str]) -> Generator[str]:
    given = os.environ.get("DBOS_TEST_POSTGRES_URL", "")
    if given or "postgres" not in databases:
        yield given
    else:
        with running_postgres(FORGETFUL) as url:
            yield url


@contextmanager
def _database(kind: str, server: str, file: Path) -> Generator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{file}"
    else:
        with fresh_database(server, prefix="dbos_simulation") as url:
            yield url


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a command line prints


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=chosen_seed(), help="where the random choices begin")
    parser.add_argument("--minutes", type=float, default=4.0, help="how long random programs are run, in all")
    parser.add_argument(
        "--share", type=int, default=1, help="one strike of so many is tried at the operations; 0: no operation is"
    )
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
