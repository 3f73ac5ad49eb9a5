"""Command line: every operation under every fault, then random programs under random faults until the time is over."""

import argparse
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.behaviour.forms import FORMS, Form
from tests.postgres_server import FORGETFUL, fresh_database, running_postgres
from tests.simulation.cancellations import explore_cancellations, interruption_of
from tests.simulation.laboratory import SEPARATE_MODULES, Laboratory
from tests.simulation.outages import PATIENCE_SECONDS, explore_outages
from tests.simulation.seeds import chosen_seed
from tests.simulation.simulator import Simulator
from tests.simulation.trials import Tally, explore

DATABASES = ("sqlite", "postgres")
Urls = Callable[[], str]
"""Makes a new database and gives its URL."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate what the command line asks for; 1 when something went otherwise than it does undisturbed."""
    options = _parser().parse_args(arguments)
    pairs = list(itertools.product(options.databases, options.forms))
    failed = 0
    with _server(options.databases) as server:
        for database, form in pairs:
            with _databases(database, server) as new_url:
                _say(f"--- {database}, {form}, seed {options.seed}")
                if options.share:
                    failed += sum(_explored(name, new_url, form, options) for name in EXPLORATIONS)
                failed += _play(new_url(), form, options.seed, options.minutes * 60 / len(pairs))
    _say(f"{failed} failed")
    return 1 if failed else 0


def _explored(name: str, new_url: Urls, form: Form, options: argparse.Namespace) -> int:
    """How much failed of one exploration."""
    with pytest.MonkeyPatch.context() as patch:
        tally = EXPLORATIONS[name](new_url, form, patch, options.seed, 1 / options.share)
    _say("\n".join((f"{name}: {tally}", *tally.problems)))
    return len(tally.problems)


def _faults(new_url: Urls, form: Form, patch: pytest.MonkeyPatch, seed: int, share: float) -> Tally:
    with Laboratory(new_url(), form, patch).launched() as laboratory:
        return explore(laboratory, seed=seed, share=share)


def _two_databases(new_url: Urls, form: Form, patch: pytest.MonkeyPatch, seed: int, share: float) -> Tally:
    laboratory = Laboratory(new_url(), form, patch, application_url=new_url(), modules=SEPARATE_MODULES)
    with laboratory.launched():
        return explore(laboratory, seed=seed, share=share)


def _outages(new_url: Urls, form: Form, patch: pytest.MonkeyPatch, seed: int, share: float) -> Tally:
    with Laboratory(new_url(), form, patch, patience_seconds=PATIENCE_SECONDS).launched() as laboratory:
        return explore_outages(laboratory, seed=seed, share=share)


def _cancelled_callers(new_url: Urls, form: Form, patch: pytest.MonkeyPatch, seed: int, share: float) -> Tally:
    if form == "sync":
        return Tally()  # nobody cancels a thread
    interruption = interruption_of(patch)
    with Laboratory(new_url(), form, patch).launched() as laboratory:
        return explore_cancellations(laboratory, interruption, seed=seed, share=share)


EXPLORATIONS: Mapping[str, Callable[[Urls, Form, pytest.MonkeyPatch, int, float], Tally]] = {
    "faults": _faults,
    "two databases": _two_databases,
    "outages": _outages,
    "cancelled callers": _cancelled_callers,
}
"""What is tried with every operation."""


def _play(url: str, form: Form, seed: int, seconds: float) -> int:
    """Play random programs for so long; how many rounds failed."""
    failed = 0
    if not seconds:
        return failed
    with pytest.MonkeyPatch.context() as patch:
        laboratory = Laboratory(url, form, patch)
        simulator = Simulator(laboratory)
        with laboratory.launched():
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
def _databases(kind: str, server: str) -> Generator[Urls]:
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            numbers = itertools.count()
            yield lambda: f"sqlite:///{folder / str(next(numbers))}.sqlite"
        else:
            yield lambda: stack.enter_context(fresh_database(server, prefix="dbos_simulation"))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  # a command line prints


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=chosen_seed(), help="where the random choices begin")
    parser.add_argument("--minutes", type=float, default=4.0, help="how long random programs are run, in all")
    parser.add_argument(
        "--share", type=int, default=1, help="one fault of so many is tried at the operations; 0: none is"
    )
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
