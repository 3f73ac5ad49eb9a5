"""The example `orders`: up to date, checked, and as durable as it says."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load

_EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """Return a copy of the example, whose files and databases stay in it."""
    ignored = shutil.ignore_patterns("__pycache__", "*.sqlite*", "*.txt", ".*")
    return shutil.copytree(_EXAMPLE, tmp_path / "orders", ignore=ignored)


def test_generated_code_of_the_example_is_up_to_date() -> None:
    result = pipeline.check(load(_EXAMPLE / "pyproject.toml"), use_cache=False)
    assert result.diagnostics == ()
    assert "".join(change.diff() for change in result.drift) == ""


@pytest.mark.slow
def test_every_planted_mistake_is_found_and_nothing_else(example: Path, pytestconfig: pytest.Config) -> None:
    assert pytestconfig.cache is not None
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(pytestconfig.cache.mkdir("mypy-example"))]
    clean = subprocess.run(command, cwd=example, capture_output=True, text=True, check=False)
    assert clean.stdout.startswith("Success"), clean.stdout + clean.stderr
    found = subprocess.run([*command, "mistakes.py"], cwd=example, capture_output=True, text=True, check=False)
    lines = (example / "mistakes.py").read_text(encoding="utf-8").splitlines()
    planted = [number for number, line in enumerate(lines, start=1) if "  # " in line]
    reported = [int(line.split(":")[1]) for line in found.stdout.splitlines() if ": error: " in line]
    assert sorted(set(reported)) == planted, found.stdout


@pytest.mark.slow
def test_an_order_killed_halfway_is_finished_with_every_step_done_once(example: Path, database_url: str) -> None:
    environment = {**os.environ, "DBOS_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "orders.app", "run", "o-1"]
    with subprocess.Popen(command, cwd=example, env=environment, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        for line in first.stdout:
            if line == "progress 40%\n":
                break
        first.send_signal(signal.SIGKILL)
    second = subprocess.run(
        command, cwd=example, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert second.returncode == 0, second.stderr
    assert "receipt: 46.95 EUR, payment-o-1, parcel-o-1\n" in second.stdout
    assert (example / "orders-journal.txt").read_text(encoding="utf-8") == (
        "o-1 reserved 5 pieces\no-1 called the card terminal\no-1 charged 4695 cents\no-1 handed over by express\n"
    )
    listed = subprocess.run(
        [sys.executable, "-m", "orders.app", "list"],
        cwd=example,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert listed.stdout == "order-o-1 SUCCESS 46.95 EUR\n", listed.stderr
