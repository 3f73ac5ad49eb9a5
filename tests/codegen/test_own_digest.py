"""An edit of the generator itself makes what it remembered worthless, whichever room it is in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_files import PACKAGES

_NOW = "from dbos_gen.sources.cache import own_digest; print(own_digest())"


def _digest(folder: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", _NOW]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("edited", ["__init__.py", "sources/cache.py", "python/scopes/resolution.py", "rules/stale.py"])
def test_an_edit_in_any_room_is_noticed(tmp_path: Path, edited: str) -> None:
    shutil.copytree(PACKAGES["dbos_gen"], tmp_path / "dbos_gen", ignore=shutil.ignore_patterns("__pycache__"))
    before = _digest(tmp_path)
    assert _digest(tmp_path) == before
    file = tmp_path / "dbos_gen" / edited
    later = max(path.stat().st_mtime_ns for path in (tmp_path / "dbos_gen").rglob("*.py")) + 10**9
    os.utime(file, ns=(later, later))
    assert _digest(tmp_path) != before
