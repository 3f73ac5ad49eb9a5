"""Findings do not depend on what mypy has cached, although cached modules have no function bodies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LIBRARY = """
from typing import TypeVar, overload
from dbos_typed import DBOS
T = TypeVar("T")
@overload
def parsed(value: int) -> int: ...
@overload
def parsed(value: str) -> bytes: ...
@DBOS.workflow()
def parsed(value: int | str) -> int | bytes:
    return 1
@overload
def split(value: int) -> int: ...
@overload
def split(value: str) -> bytes: ...
@DBOS.step()
def split(value: int | str) -> int | bytes:
    return 1
class Box:
    @classmethod
    @DBOS.workflow()
    async def make(cls, item: T) -> list[T]:
        return [item]
@DBOS.step()
def charge() -> int:
    return 1
"""
APPLICATION = """
from dbos_typed import DBOS
from library import Box, charge, parsed, split
reveal_type(DBOS.start_workflow(parsed, "a"))
reveal_type(DBOS.start_workflow(Box.make, "a"))
DBOS.start_workflow(split, "a")
DBOS.start_workflow(charge)
"""
CONFIG = "[mypy]\nstrict = True\nfollow_imports = silent\nplugins = dbos_typed_mypy\n"
FOUND = [
    'application.py:4: note: Revealed type is "dbos_typed.api.handles.WorkflowHandle[bytes]"',
    'application.py:5: note: Revealed type is "dbos_typed.api.handles.WorkflowHandle[list[str]]"',
    (
        'application.py:6: error: "split" is not a workflow, and start_workflow() takes only those: '
        "decorate it with @DBOS.workflow(), or call it directly  [dbos-workflow]"
    ),
]
FOUND_WITH_STEP = [
    *FOUND,
    (
        'application.py:7: error: "charge" is not a workflow, and start_workflow() takes only those: '
        "decorate it with @DBOS.workflow(), or call it directly  [dbos-workflow]"
    ),
]


def findings(project: Path, *options: str) -> list[str]:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *options, "application.py", "library.py"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_findings_are_the_same_cold_warm_and_after_edits(tmp_path: Path) -> None:
    application, library = tmp_path / "application.py", tmp_path / "library.py"
    (tmp_path / "mypy.ini").write_text(CONFIG, encoding="utf-8")
    application.write_text(APPLICATION, encoding="utf-8")
    library.write_text(LIBRARY, encoding="utf-8")
    assert findings(tmp_path) == FOUND_WITH_STEP
    assert findings(tmp_path) == FOUND_WITH_STEP

    application.write_text(APPLICATION + "# edited\n", encoding="utf-8")
    assert findings(tmp_path) == FOUND_WITH_STEP
    assert findings(tmp_path, "-n", "2") == FOUND_WITH_STEP

    library.write_text(LIBRARY.replace("@DBOS.step()\ndef charge", "@DBOS.workflow()\ndef charge"), encoding="utf-8")
    assert findings(tmp_path) == FOUND
