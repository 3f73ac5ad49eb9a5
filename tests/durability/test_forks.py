"""A process that is forked after the launch: the child is told what to do, or launches; the parent goes on unharmed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dbos_typed.storage.database import parse_url

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")]

SCRIPT = Path(__file__).with_name("forks.py")
ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 120
REFUSED = "DBOS was launched in the process from which this one was forked."
UNUSABLE = "cannot be used in this process, because it was open in the parent when this process was forked"


def said(database_url: str, what: str, **configuration: object) -> list[str]:
    """What the program says, a line each; nothing goes wrong in it and nothing is left behind."""
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", str(SCRIPT), database_url, what, json.dumps(configuration)],
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    *lines, last = done.stdout.splitlines()
    assert last == "destroyed"
    prefix = "dbos_" if database_url.startswith("sqlite") else "dbos_typed."
    engine = create_engine(parse_url(database_url))
    with engine.connect() as connection:
        query = f"SELECT count(*) FROM {prefix}workflows WHERE status <> 'SUCCESS' OR recovery_attempts > 0"
        assert connection.execute(text(query)).scalar_one() == 0
        if not database_url.startswith("sqlite"):
            # Nobody is left who would hold a connection of the parent open.
            query = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'dbos_typed%'"
            assert connection.execute(text(query)).scalar_one() == 0
    engine.dispose()
    return lines


def test_child_is_refused_with_what_it_is_to_do(database_url: str) -> None:
    lines = said(database_url, "everything")
    *children, parent = lines
    assert children[1::2] == ["child 0"] * 8
    for line in children[:10:2]:
        assert line.startswith("DBOSInitializationError"), line
        assert REFUSED in line
        assert "post_fork" in line
        assert "worker_process_init" in line
    assert "This DBOSClient was opened in the process from which this one was forked." in children[10]
    assert children[12::2] == ["None", "None"]
    assert parent == "parent 4 8 True"


@pytest.mark.parametrize("configuration", [{}, {"executor_id": "web-1"}])
def test_child_may_launch_for_itself(database_url: str, configuration: dict[str, str]) -> None:
    child, end, parent = said(database_url, "launch", **configuration)
    assert end == "child 0"
    if database_url.startswith("sqlite"):
        assert UNUSABLE in child
    else:
        assert child == "((4, 8), True, True)"
    assert parent == "parent 4 True"


def test_child_is_launched_at_its_first_call_where_that_is_configured(database_url: str) -> None:
    child, end, parent = said(database_url, "relaunch", relaunch_after_fork=True)
    assert end == "child 0"
    if database_url.startswith("sqlite"):
        assert UNUSABLE in child
    else:
        assert child == "(4, 8, True)"
    assert parent == "parent 4"


def test_parent_under_load_is_unharmed(database_url: str) -> None:
    *children, parent = said(database_url, "load")
    assert children[1::2] == ["child 0"] * 12
    assert all(REFUSED in line for line in children[::2])
    assert parent == "parent [] True {8} [0, 1, 4, 9] parent of 256"
