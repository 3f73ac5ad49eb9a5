"""Short faults of real servers and executors. `make faults` tries every one, for longer."""

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tests.faults.catalogue import FAULTS
from tests.faults.ground import Ground, Unsuitable
from tests.faults.report import findings, head, row
from tests.faults.stages import Stage
from tests.faults.trial import try_fault

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes of a server are found in /proc, which Linux has"),
    pytest.mark.skipif("DBOS_TEST_POSTGRES_URL" in os.environ, reason="a server of somebody else's must not be harmed"),
]

SECONDS = 1.0
PATIENCE_SECONDS = 30.0
QUICK = ("none", "proxy_black_hole", "sigkill_executor", "sqlite_foreign_writer")


@pytest.mark.parametrize("name", QUICK)
def test_nothing_is_lost_or_done_twice(name: str) -> None:
    verdict = try_fault(FAULTS[name], SECONDS, patience=PATIENCE_SECONDS)
    if verdict.skipped is not None:
        pytest.skip(verdict.skipped)
    assert not verdict.has_failed, "\n".join((head(), row(verdict), *findings(verdict)))


def test_fault_that_cannot_be_staged_is_skipped_with_the_reason() -> None:
    @contextmanager
    def nowhere(place: Ground) -> Generator[Stage]:
        raise Unsuitable("there is no such machine")
        yield  # type: ignore[unreachable]  # a context manager is a generator

    verdict = try_fault(replace(FAULTS["none"], staging=nowhere), SECONDS, patience=PATIENCE_SECONDS)
    assert not verdict.has_failed
    assert row(verdict).endswith("skipped: there is no such machine")


def test_engine_that_does_not_come_back_fails_its_trial() -> None:
    def stop(stage: Stage, seconds: float) -> None:
        for executor in stage.executors:
            executor.freeze()
        time.sleep(seconds)

    verdict = try_fault(replace(FAULTS["sqlite_none"], strike=stop), 0.1, patience=1)
    assert verdict.has_failed
    assert verdict.recovered_in is None
    assert verdict.findings["stuck"]
