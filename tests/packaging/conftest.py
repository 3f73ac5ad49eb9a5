"""What a user gets: built distributions, and environments to install them into."""

import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

USER_FOLDERS = ("codegen", "mypy_plugin", "templates", "tests", "benchmarks", "examples", "docs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributions:
    """The files that would be uploaded."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment without this project."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        [folder] = self.folder.glob("lib/python*/site-packages")
        return folder

    def install(self, *arguments: str) -> None:
        """Install without looking anything up; dependencies come from the environment of the tests."""
        command = [sys.executable, "-m", "pip", "--python", str(self.python), "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "install", "--no-index", "--no-deps", *arguments], check=True)
        # Lends the dependencies without the files that would make our own editable install visible: a folder on the
        # path is searched, but its .pth files are not read.
        (self.site_packages / "zz_dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def run(self, code: str, *, cwd: Path) -> str:
        """Run Python code in a folder and give what it prints."""
        command = [str(self.python), "-c", code]
        done = subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    """A source distribution of the working tree, and the wheel built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = folder.glob("*.whl")
    [sdist] = folder.glob("*.tar.gz")
    return Distributions(wheel=wheel, sdist=sdist)


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A new, empty virtual environment."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return Environment(folder=folder)


@pytest.fixture(params=["packages", "folders"])
def user_project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A user's project with folders that are named like ours, with and without __init__.py."""
    folder = tmp_path / "shop"
    for name in USER_FOLDERS:
        (folder / name).mkdir(parents=True)
        (folder / name / "mine.py").write_text(f"OWNER = 'shop {name}'\n")
        if request.param == "packages":
            (folder / name / "__init__.py").touch()
    return folder
