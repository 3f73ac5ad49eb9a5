"""Installing leaves the user's own folders alone, and importing is cheap."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_files import PACKAGES
from tests.packaging.conftest import ROOT, USER_FOLDERS, Distributions, Environment

_IMPORT_EVERYTHING = f"import {', '.join(PACKAGES)}; print('imported')"

# SQLAlchemy is most of what the runtime imports; twice its time would be felt by every command.
_IMPORT_TIME_BUDGET = 2.0


def _editable_wheel(checkout: Path, folder: Path) -> Path:
    """What `pip install --editable` asks of the build back-end."""
    code = "import hatchling.build, sys; print(hatchling.build.build_editable(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
    return folder / done.stdout.split()[-1]


def _user_sees_own_folders(environment: Environment, user_project: Path) -> None:
    for name in USER_FOLDERS:
        assert environment.run(f"from {name} import mine; print(mine.OWNER)", cwd=user_project) == f"shop {name}"


@pytest.mark.slow
def test_wheel_leaves_the_user_s_folders_alone(
    distributions: Distributions, environment: Environment, user_project: Path
) -> None:
    environment.install(str(distributions.wheel))
    _user_sees_own_folders(environment, user_project)
    assert environment.run(_IMPORT_EVERYTHING, cwd=user_project) == "imported"
    location = Path(environment.run("import dbos_typed; print(dbos_typed.__file__)", cwd=user_project))
    assert location.is_relative_to(environment.site_packages)


@pytest.mark.slow
def test_wheel_adds_nothing_but_its_packages(
    distributions: Distributions, environment: Environment, tmp_path: Path
) -> None:
    environment.install(str(distributions.wheel))
    added = {path.name for path in environment.site_packages.iterdir() if path.suffix not in {".dist-info", ".pth"}}
    assert added == set(PACKAGES)
    for name in ("codegen", "mypy_plugin", "templates"):
        code = f"import importlib.util; print(importlib.util.find_spec({name!r}))"
        assert environment.run(code, cwd=tmp_path) == "None"


@pytest.mark.slow
def test_editable_install_leaves_the_user_s_folders_alone(
    environment: Environment, user_project: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "checkout"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "cases")
    shutil.copytree(ROOT, copy, ignore=ignored)
    environment.install(str(_editable_wheel(copy, tmp_path)))
    _user_sees_own_folders(environment, user_project)
    assert environment.run(_IMPORT_EVERYTHING, cwd=user_project) == "imported"
    location = Path(environment.run("import dbos_gen; print(dbos_gen.__file__)", cwd=user_project))
    assert location.is_relative_to(copy / "codegen")


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_package_is_importable_from_this_environment(package: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", f"import {package}"], cwd=tmp_path, check=True)


def test_importing_the_runtime_loads_no_tool(tmp_path: Path) -> None:
    code = "import sys, dbos_typed; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    heavy = {"jinja2", "mypy", "alembic", "typer", "pydantic", "opentelemetry", "fastapi", "flask", "yaml"}
    assert set(done.stdout.split()) & heavy == set()


@pytest.mark.slow
def test_importing_the_runtime_costs_little_more_than_sqlalchemy(tmp_path: Path) -> None:
    def best_of(module: str) -> float:
        return min(_import_seconds(module, tmp_path) for _ in range(5))

    best_of("dbos_typed")  # compiles what has changed
    assert best_of("dbos_typed") < _IMPORT_TIME_BUDGET * best_of("sqlalchemy")


def _import_seconds(module: str, cwd: Path) -> float:
    command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    done = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    for line in done.stderr.splitlines():
        _, cumulative, name = line.split("|")
        if name.strip() == module:
            return int(cumulative) / 1_000_000
    message = f"{module} is not in the import times"
    raise AssertionError(message)
