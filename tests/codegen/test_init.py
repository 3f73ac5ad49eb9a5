"""The command init finds the root by which the code imports itself, on every usual layout, and what follows works."""

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dbos_gen.cli import app

_TYPED = "from dbos_typed import DBOS\n\n@DBOS.workflow()\ndef {name}(a: int) -> int:\n    return a\n"
_DBOS = _TYPED.replace("dbos_typed", "dbos")
_ONE = _TYPED.format(name="one")
_PEER = _DBOS.format(name="one")
_DB = "x = 1\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that is the working directory."""
    place = tmp_path / "project"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout + result.stderr


def _table(folder: Path) -> dict[str, object]:
    document = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    table: dict[str, object] = document["tool"]["dbos-gen"]
    return table


_LAYOUTS: dict[str, tuple[dict[str, str], dict[str, object]]] = {
    "flat scripts": (
        {"main.py": f"import helpers\n{_ONE}", "helpers.py": ""},
        {"modules": ["main"], "output": "generated"},
    ),
    "a package, tests aside": (
        {"shop/__init__.py": "", "shop/flows.py": _ONE, "tests/test_flows.py": _TYPED.format(name="two")},
        {"modules": ["shop.flows"], "output": "shop.generated"},
    ),
    "a package that is a workflow module": (
        {"shop/__init__.py": _ONE},
        {"modules": ["shop"], "output": "shop.generated"},
    ),
    "a folder src": (
        {"src/acme/__init__.py": "", "src/acme/flows.py": _PEER},
        {"modules": ["acme.flows"], "output": "acme.generated", "root": "src", "runtime": "dbos"},
    ),
    "src is the package": (
        {
            "src/__init__.py": "",
            "src/flows/__init__.py": "",
            "src/flows/a.py": f"from src.db import x\n{_PEER}",
            "src/db.py": _DB,
        },
        {"modules": ["src.flows.a"], "output": "src.generated", "runtime": "dbos"},
    ),
    "src is a package without __init__": (
        {"src/flows/a.py": f"from src.db import x\n{_ONE}", "src/db.py": _DB},
        {"modules": ["src.flows.a"], "output": "src.generated"},
    ),
    "a namespace package in src": (
        {"src/acme/flows/a.py": f"from acme.db import x\n{_ONE}", "src/acme/db.py": _DB},
        {"modules": ["acme.flows.a"], "output": "acme.generated", "root": "src"},
    ),
    "an __init__ that is not meant": (
        {"src/__init__.py": "", "src/acme/__init__.py": "", "src/acme/a.py": f"from acme.db import x\n{_ONE}"}
        | {"src/acme/db.py": _DB},
        {"modules": ["acme.a"], "output": "acme.generated", "root": "src"},
    ),
    "an __init__ at the top that is not meant": (
        {"__init__.py": "", "shop/__init__.py": "", "shop/a.py": _ONE},
        {"modules": ["shop.a"], "output": "shop.generated"},
    ),
    "the project is the package": (
        {"__init__.py": "", "a.py": f"from project.db import x\n{_ONE}", "db.py": _DB},
        {"modules": ["project.a"], "output": "project.generated", "root": ".."},
    ),
    "an application below another folder": (
        {"backend/app/__init__.py": "", "backend/app/main.py": _PEER, "backend/requirements.txt": "dbos\n"},
        {"modules": ["app.main"], "output": "app.generated", "root": "backend", "runtime": "dbos"},
    ),
    "the same without __init__": (
        {"backend/app/main.py": f"from app.db import x\n{_ONE}", "backend/app/db.py": _DB},
        {"modules": ["app.main"], "output": "app.generated", "root": "backend"},
    ),
    "the same imported from the top": (
        {"backend/__init__.py": "", "backend/app/__init__.py": "", "backend/app/main.py": _ONE},
        {"modules": ["backend.app.main"], "output": "backend.generated"},
    ),
    "relative imports say that there is a package": (
        {"src/a.py": f"from .db import x\n{_ONE}", "src/db.py": _DB},
        {"modules": ["src.a"], "output": "src.generated"},
    ),
    "a package in a namespace": (
        {"acme/team/flows/__init__.py": "", "acme/team/flows/a.py": f"import acme.team.flows.b\n{_ONE}"}
        | {"acme/team/flows/b.py": ""},
        {"modules": ["acme.team.flows.a"], "output": "acme.team.flows.generated"},
    ),
    "a name that is taken": (
        {"shop/__init__.py": "", "shop/generated.py": _DB, "shop/flows.py": _ONE},
        {"modules": ["shop.flows"], "output": "shop.dbos_generated"},
    ),
    "through a module of the project": (
        {"shop/__init__.py": "", "shop/db.py": "from dbos import DBOS as durable\n"}
        | {"shop/a.py": "from .db import durable as D\n\n@D.workflow()\ndef one() -> None: ...\n"},
        {"modules": ["shop.a"], "output": "shop.generated", "runtime": "dbos"},
    ),
    "environments aside": (
        {"env/pyvenv.cfg": "", "env/lib/a.py": _ONE, ".venv/b.py": _ONE, "node_modules/c.py": _ONE, "a.py": _ONE},
        {"modules": ["a"], "output": "generated"},
    ),
    "examples only": ({"examples/a.py": _ONE}, {"modules": ["examples.a"], "output": "examples.generated"}),
    "rules only in the table": (
        {"a.py": _ONE, "pyproject.toml": '[tool.dbos-gen.rules]\ndisable = ["dbos-async"]\n'},
        {"modules": ["a"], "output": "generated", "rules": {"disable": ["dbos-async"]}},
    ),
    "no workflows yet": (
        {"shop/__init__.py": "", "shop/a.py": "import dbos\n"},
        {"modules": ["shop.**"], "output": "shop.generated", "runtime": "dbos"},
    ),
    "no workflows and no packages yet": ({"a.py": ""}, {"modules": ["*"], "output": "generated"}),
}


@pytest.mark.parametrize("layout", _LAYOUTS)
def test_what_is_written_fits_and_works_at_once(folder: Path, layout: str) -> None:
    files, table = _LAYOUTS[layout]
    _write(folder, files)
    code, said = _run("init")
    assert code == 0, said
    assert said.startswith("added [tool.dbos-gen] to pyproject.toml: modules ")
    assert _table(folder) == table
    code, said = _run()
    assert (code, "warning" in said) == (0, False), said
    assert _run("check")[0] == 0
    assert _run("--check")[0] == 0


def test_an_empty_folder_is_refused_and_what_is_given_is_written(folder: Path) -> None:
    code, said = _run("init")
    assert code == 2
    assert said.startswith("there are no Python modules below project, so nothing was written\n")
    assert "dbos-gen init --modules shop.workflows --output shop.generated\n" in said
    assert not (folder / "pyproject.toml").exists()
    assert _run("init", "--modules", "shop.workflows")[0] == 0
    assert _table(folder) == {"modules": ["shop.workflows"], "output": "shop.generated"}


def test_notebooks_are_told_not_to_be_read(folder: Path) -> None:
    _write(folder, {"a.ipynb": "{}"})
    code, said = _run("init")
    assert (code, "only notebooks (which are not read)" in said) == (2, True)


def test_projects_below_are_configured_one_by_one(folder: Path) -> None:
    _write(
        folder,
        {
            "pyproject.toml": "",
            **{f"packages/{name}/pyproject.toml": "" for name in "abc"},
            "packages/a/src/one/flows.py": _ONE,
            "packages/b/two.py": _PEER,
            "packages/c/three.py": "",
        },
    )
    code, said = _run("init")
    assert code == 2
    ways = [line.strip() for line in said.splitlines()[1:]]
    assert ways == [f"dbos-gen init --config packages/{name}/pyproject.toml" for name in "ab"]
    for way in ways:
        assert _run(*way.split()[1:])[0] == 0
    assert _table(folder / "packages/a")["root"] == "src"
    assert _table(folder / "packages/b")["runtime"] == "dbos"


def test_what_is_left_out_is_told(folder: Path) -> None:
    _write(
        folder,
        {
            "app/__init__.py": "",
            "app/a.py": _ONE,
            "app/b.py": _TYPED.format(name="two"),
            "app/peer.py": _PEER,
            "app/broken.py": f"def (\n{_ONE}",
            "run-me.py": _ONE,
            "services/x/lib/__init__.py": "",
            "services/x/lib/c.py": _ONE,
            "packages/b/pyproject.toml": "",
            "packages/b/flows.py": _ONE,
        },
    )
    code, said = _run("init")
    assert code == 0
    other_root = "services/x/lib/c.py is left out: it is imported as lib.c from services/x, which is another root"
    notes = [line.removeprefix("note: ") for line in said.splitlines()[1:]]
    looks = "is left out: it looks as if it defined workflows, and"
    assert notes == [
        f"run-me.py {looks} no module can be imported by that name; rename it",
        f"app/broken.py {looks} it does not parse",
        "app/peer.py is left out: its workflows are those of dbos; give it a pyproject.toml of its own",
        f"{other_root}; give it a pyproject.toml of its own",
        "packages/b has workflows and a pyproject.toml of its own: dbos-gen init --config packages/b/pyproject.toml",
    ]


@pytest.mark.parametrize(
    ("before", "arguments", "reason"),
    [
        ("[a\n", (), "the file is not valid TOML"),
        ("[tool.dbos-gen]\nmodules = ['a']\n", (), "the table is there already; edit it"),
        ("tool = {x = 1}\n", (), 'write it by hand\n\n[tool.dbos-gen]\nmodules = ["a"]\noutput = "generated"\n'),
        ("", ("--root", "nowhere"), "--root nowhere: there is no such folder"),
        ("", ("--output", "not a name"), "`output` is 'not a name'"),
        ("", ("--modules", "not a name"), "`modules[0]` is 'not a name'"),
    ],
)
def test_nothing_is_written_that_could_not_be_used(
    folder: Path, before: str, arguments: tuple[str, ...], reason: str
) -> None:
    _write(folder, {"a.py": _ONE, "pyproject.toml": before})
    code, said = _run("init", *arguments)
    assert code == 2
    assert reason in said
    assert (folder / "pyproject.toml").read_text(encoding="utf-8") == before


def test_a_file_that_cannot_be_written_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_file: Path, _data: bytes) -> int:
        raise PermissionError(13, "Permission denied")

    _write(folder, {"a.py": _ONE})
    monkeypatch.setattr(Path, "write_bytes", refused)
    code, said = _run("init")
    assert (code, "the file cannot be written: Permission denied" in said) == (2, True)


def test_the_file_of_the_repository_is_taken_from_within_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(folder, {".git/HEAD": "", "pyproject.toml": "", "src/acme/__init__.py": "", "src/acme/a.py": _ONE})
    monkeypatch.chdir(folder / "src/acme")
    code, said = _run("init")
    assert code == 0
    assert said.startswith(
        "added [tool.dbos-gen] to ../../pyproject.toml: modules acme.a, output acme.generated, root src"
    )
    assert _run()[0] == 0


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    del folder
    code, said = _run("init", "--config", "nowhere/pyproject.toml")
    assert (code, said) == (2, "--config nowhere/pyproject.toml: there is no such folder\n")
