"""What is in the wheel and in the source distribution."""

import email
import tarfile
import zipfile
from pathlib import Path

from tests.architecture.source_files import PACKAGES
from tests.packaging.conftest import ROOT, Distributions


def _wheel_files(distributions: Distributions) -> list[str]:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        return wheel.namelist()


def _own_files(package: Path) -> set[str]:
    kept = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    return {path.relative_to(package.parent).as_posix() for path in kept if not path.name.startswith(".")}


def test_wheel_installs_exactly_our_packages(distributions: Distributions) -> None:
    names = {name.split("/")[0] for name in _wheel_files(distributions)}
    assert {name for name in names if not name.endswith(".dist-info")} == set(PACKAGES)


def test_wheel_holds_every_file_of_every_package(distributions: Distributions) -> None:
    expected = {name for package in PACKAGES.values() for name in _own_files(package)}
    assert {name for name in _wheel_files(distributions) if ".dist-info/" not in name} == expected


def test_every_package_is_marked_as_typed(distributions: Distributions) -> None:
    files = set(_wheel_files(distributions))
    assert {f"{name}/py.typed" for name in PACKAGES} <= files


def test_templates_are_in_the_wheel(distributions: Distributions) -> None:
    sources = {path.name for path in PACKAGES["dbos_gen_templates"].rglob("*.j2")}
    packed = {Path(name).name for name in _wheel_files(distributions) if name.endswith(".j2")}
    assert packed == sources


def test_wheel_declares_its_command_and_extras(distributions: Distributions) -> None:
    with zipfile.ZipFile(distributions.wheel) as wheel:
        texts = {name.split("/")[-1]: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    metadata = email.message_from_string(texts["METADATA"])
    assert "dbos-gen = dbos_gen.cli:main" in texts["entry_points.txt"]
    assert "dbos-typed = dbos_typed.cli:main" in texts["entry_points.txt"]
    assert {"gen", "pydantic"} <= set(metadata.get_all("Provides-Extra", []))
    assert metadata["Requires-Python"] == ">=3.11"


def test_source_distribution_builds_the_same_wheel(distributions: Distributions) -> None:
    with tarfile.open(distributions.sdist) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    roots = {path.parent.relative_to(ROOT) / path.name for path in PACKAGES.values()}
    expected = {(root.parent / name).as_posix() for root in roots for name in _own_files(ROOT / root)}
    assert expected <= names
    assert {"pyproject.toml", "README.md"} <= names
    assert not any(".venv" in name or "__pycache__" in name for name in names)
