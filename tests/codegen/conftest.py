"""The golden cases, generated once for all tests."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import Config

CASES = Path(__file__).parent / "cases"
CASE_NAMES = tuple(sorted(folder.name for folder in CASES.iterdir() if (folder / "workflows.py").is_file()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """All cases below one root, each a package with a generated package in it."""

    root: Path
    results: dict[str, pipeline.GenerationResult]


def generate_cases(root: Path) -> Cases:
    """Copy every case below `root` and generate its package."""
    for name in CASE_NAMES:
        shutil.copytree(CASES / name, root / name, ignore=shutil.ignore_patterns("expected", "__pycache__"))
    config_file = root / "pyproject.toml"
    config_file.touch()
    return Cases(
        root=root,
        results={
            name: pipeline.generate(
                Config(file=config_file, root=root, modules=(f"{name}.workflows",), output=f"{name}.generated")
            )
            for name in CASE_NAMES
        },
    )


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    """Return all cases, generated."""
    return generate_cases(tmp_path_factory.mktemp("cases"))
