"""Imports point down and never in a circle."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source_files import PACKAGES, ROOT, find_cycle, import_graph, module_sources


def _lint_imports(root: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def _layers() -> list[list[str]]:
    """The rooms of the runtime by floor, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors: list[str] = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return [[room.strip("()") for room in floor.split(" | ")] for floor in floors]


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A copy of the configuration with empty packages."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "dbos_typed" / "core").mkdir()
    (tmp_path / "dbos_typed" / "core" / "__init__.py").touch()
    (tmp_path / "dbos_typed" / "error.py").touch()
    return tmp_path


def test_every_layer_imports_only_from_below() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def test_no_import_cycle_counting_local_and_type_checking_imports() -> None:
    assert find_cycle(import_graph(module_sources())) is None


def test_imports_point_down_wherever_they_stand() -> None:
    floors = {room: floor for floor, rooms in enumerate(_layers()) for room in rooms}
    edges = [
        (module, target)
        for module, targets in import_graph(module_sources()).items()
        for target in targets
        if module.count(".") and target.count(".") and module.split(".")[0] == target.split(".")[0] == "dbos_typed"
    ]
    assert ("dbos_typed.facade.consuming", "dbos_typed.integrations.kafka") in edges, "a lazy one"
    rising = [
        f"{module} -> {target}"
        for module, target in edges
        if (upper := module.split(".")[1]) != (lower := target.split(".")[1]) and floors[upper] >= floors[lower]
    ]
    assert not rising


def test_small_project_keeps_the_contracts(small_project: Path) -> None:
    done = _lint_imports(small_project)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "text", "contract"),
    [
        ("dbos_typed/error.py", "from dbos_typed import core", "dbos_typed is layered"),
        ("dbos_typed/error.py", "def late():\n    import dbos_typed.core", "dbos_typed is layered"),
        ("dbos_typed/somewhere.py", "", "dbos_typed is layered"),
        ("dbos_typed/core/clever.py", "import sqlalchemy", "the core knows no SQL"),
        ("dbos_gen/cli.py", "import dbos_typed", "never import the runtime"),
        ("dbos_typed_mypy/plugin.py", "from dbos_typed import error", "never import the runtime"),
        ("dbos_typed/error.py", "import jinja2", "the runtime needs neither"),
    ],
)
def test_a_broken_contract_is_reported(small_project: Path, path: str, text: str, contract: str) -> None:
    (small_project / path).write_text(text)
    done = _lint_imports(small_project)
    assert done.returncode == 1
    assert any(contract in line and "BROKEN" in line for line in done.stdout.splitlines()), done.stdout


@pytest.mark.parametrize(
    "importing",
    [
        "import p.b",
        "from p import b",
        "from . import b",
        "from .b import name",
        "def f():\n    from p.b import name",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.b import name",
        "from importlib import import_module\ndef f():\n    import_module('p.b').name()",
        "import importlib\nb = importlib.import_module('p.b')",
    ],
)
def test_cycle_is_found_wherever_the_import_stands(importing: str) -> None:
    graph = import_graph({"p": "", "p.a": importing, "p.b": "import p.c", "p.c": "from p import a"})
    assert find_cycle(graph) == ["p.a", "p.b", "p.c", "p.a"]


def test_shared_dependency_is_not_a_cycle() -> None:
    graph = import_graph({"p": "from p.a import x", "p.a": "from p import c", "p.b": "import p.a, p.c", "p.c": ""})
    assert find_cycle(graph) is None
