"""What a person at a terminal sees of a long run."""

import io
from pathlib import Path

import pytest

from dbos_gen.generate import pipeline, progress
from dbos_gen.generate.progress import Bar
from dbos_gen.sources.config import load
from tests.codegen.projects import write_project


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time, which a test sets."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])  # type: ignore[attr-defined]  # the module's own
    return now


def test_a_bar_appears_after_a_second_and_is_removed(clock: list[float]) -> None:
    terminal = _Terminal()
    bar = Bar(terminal)
    bar("reading", 1, 10)
    assert terminal.getvalue() == ""
    clock[0] = 2.0
    bar("reading", 5, 10)
    assert terminal.getvalue() == "\rreading [###############...............] 5/10"
    bar("reading", 6, 10)
    clock[0] = 3.0
    bar("generating", 10, 10)
    bar.clear()
    assert terminal.getvalue().count("\r") == 4
    assert terminal.getvalue().endswith("10/10\r" + " " * len("generating [] 10/10") + " " * 30 + "\r")


def test_nothing_is_written_for_programs_and_short_runs(clock: list[float]) -> None:
    file, terminal = io.StringIO(), _Terminal()
    bars = [Bar(file), Bar(terminal)]
    clock[0] = 0.5
    bars[1]("reading", 1, 2)
    clock[0] = 9.0
    bars[0]("reading", 1, 2)
    for bar in bars:
        bar.clear()
    assert file.getvalue() == terminal.getvalue() == ""


def test_a_run_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    pipeline.generate(load(write_project(tmp_path)), progress=lambda *args: told.append(args))
    assert told == [("reading", 0, 1), ("generating", 0, 1)]
