"""Imports point down and never in a circle."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source_files import PACKAGES, ROOT, find_cycle, import_graph, module_sources


def _lint_imports(root: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def _contracts() -> list[dict[str, Any]]:
    contracts: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return contracts


def _floors() -> dict[str, dict[str, int]]:
    """Of each package with layers, the floor of each room, the highest first."""
    return {
        package: {
            room.strip("()"): floor for floor, rooms in enumerate(contract["layers"]) for room in rooms.split(" | ")
        }
        for contract in _contracts()
        if contract["type"] == "layers"
        for package in contract["containers"]
    }


def _named_packages() -> set[str]:
    """The packages that contracts name, which must exist."""
    return {
        module
        for contract in _contracts()
        for key in ("containers", "source_modules")
        for module in contract.get(key, ())
    }


def _room(module: str, package: str) -> str:
    """The room of a package that a module is in, or an empty text."""
    inside = module.removeprefix(f"{package}.")
    return "" if inside == module else inside.partition(".")[0]


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A copy of the configuration with empty packages."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    for name in sorted(_named_packages() - PACKAGES.keys()):
        folder = tmp_path.joinpath(*name.split("."))
        folder.mkdir()
        (folder / "__init__.py").touch()
    (tmp_path / "dbos_typed" / "error.py").touch()
    return tmp_path


def test_every_layer_imports_only_from_below() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def test_no_import_cycle_counting_local_and_type_checking_imports() -> None:
    assert find_cycle(import_graph(module_sources())) is None


@pytest.mark.parametrize(
    ("package", "lazy"),
    [
        ("dbos_typed", ("dbos_typed.facade.consuming", "dbos_typed.integrations.kafka")),
        ("dbos_gen", ("dbos_gen.cli", "dbos_gen.init.suggestion")),
        ("dbos_gen.contract", None),
        ("dbos_gen.program", None),
        ("dbos_gen.python", None),
        ("dbos_gen.rules", None),
        ("dbos_typed_mypy", None),
    ],
)
def test_imports_point_down_wherever_they_stand(package: str, lazy: tuple[str, str] | None) -> None:
    floors = _floors()[package]
    edges = [
        (module, target)
        for module, targets in import_graph(module_sources()).items()
        for target in targets
        if _room(module, package) and _room(target, package) not in {"", _room(module, package)}
    ]
    assert edges
    assert lazy is None or lazy in edges
    rising = [
        f"{module} -> {target}"
        for module, target in edges
        if floors[_room(module, package)] >= floors[_room(target, package)]
    ]
    assert not rising


def test_every_package_with_layers_is_looked_at() -> None:
    looked_at = {
        package
        for mark in test_imports_point_down_wherever_they_stand.pytestmark  # type: ignore[attr-defined]  # set by the mark
        for package, _ in mark.args[1]
    }
    assert looked_at == _floors().keys()


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
        ("dbos_gen/vocabulary/model.py", "from dbos_gen import python", "dbos_gen is layered"),
        ("dbos_gen/rules/__init__.py", "from dbos_gen import generate", "dbos_gen is layered"),
        ("dbos_gen/somewhere.py", "", "dbos_gen is layered"),
        ("dbos_gen/rules/context.py", "from dbos_gen.rules import events", "a rule knows few other rules"),
        ("dbos_gen/launch/digests.py", "import jinja2", "need the standard library only"),
        ("dbos_typed_mypy/config.py", "def f():\n    from dbos_typed_mypy import hooks", "dbos_typed_mypy is layered"),
        ("dbos_typed_mypy/plugin.py", "from dbos_typed import error", "never import the runtime"),
        ("dbos_typed/error.py", "import jinja2", "the runtime needs neither"),
    ],
)
def test_a_broken_contract_is_reported(small_project: Path, path: str, text: str, contract: str) -> None:
    for folder in ("dbos_gen/generate", "dbos_gen/vocabulary", "dbos_typed_mypy/hooks"):
        (small_project / folder).mkdir()
        (small_project / folder / "__init__.py").touch()
    (small_project / "dbos_gen/rules/events.py").touch()
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
