"""How the cases in `test_*.yml` run: with the mypy of this interpreter, and a cache that lasts."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> None:
    """Set an option of pytest-mypy-plugins, which it reads when it makes the items of a file."""
    cache = parent.config.cache
    if file_path.suffix == ".yml" and cache is not None:
        parent.config.option.mypy_testing_base = str(cache.mkdir("typecheck-cases"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Let pytest-mypy-plugins find mypy, which it looks up on PATH."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        return (yield)
