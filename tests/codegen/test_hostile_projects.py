"""What dbos-gen makes of projects that mean no good: a finding or an error, never a traceback, never outside."""

import subprocess
import sys
from pathlib import Path

import pytest

WORKFLOW = """from dbos_typed import DBOS


@DBOS.workflow(name="{name}")
def {name}(a: {annotation}) -> int:
    x = {expression}
    return 1
"""
TABLE = '[tool.dbos-gen]\nmodules = ["app.**"]\noutput = "app.generated"\n'


def _source(expression: str = "1", annotation: str = "int") -> str:
    return WORKFLOW.format(name="bad", expression=expression, annotation=annotation)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "app").mkdir(parents=True)
    (project / "app" / "__init__.py").touch()
    (project / "app" / "good.py").write_text(WORKFLOW.format(name="good", expression="1", annotation="int"))
    (project / "pyproject.toml").write_text(TABLE)
    return project


def _run(project: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "dbos_gen", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said[-2000:]
    assert done.returncode in (0, 1, 2), said[-2000:]
    return done.returncode, said


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xef\xbb\xbf" + _source().encode(), None),
        (b"# coding: latin-1\n# \xe9\n" + _source().encode(), None),
        (b"# \xe9\n" + _source().encode(), "DG002"),
        (b"# coding: nonsense\n" + _source().encode(), "DG002"),
        (b"# coding: hex\n" + _source().encode(), "DG002"),
        (_source().encode("utf-16"), "DG002"),
        (_source().encode() + b"\0", "DG001"),
        (_source("-" * 20_000 + "1").encode(), "DG001"),
        (_source("not " * 20_000 + "1").encode(), "DG001"),
        (_source("-" * 900 + "1").encode(), "DG001"),
        (_source("(" * 5000 + ")" * 5000).encode(), "DG001"),
        (_source("a" + ".b" * 5000).encode(), "DG001"),
        (_source("9" * 10_000).encode(), "DG001"),
        (_source(annotation="'" + "-" * 20_000 + "1'").encode(), None),
        (_source(annotation="'" + "list[" * 3000 + "int" + "]" * 3000 + "'").encode(), None),
    ],
)
def test_modules_that_cannot_be_read_are_findings(project: Path, content: bytes, code: str | None) -> None:
    (project / "app" / "bad.py").write_bytes(content)
    status, said = _run(project)
    assert (status, code is None or f"{code} error" in said) == (0 if code is None else 1, True), said[-1000:]
    _run(project, "check")


@pytest.mark.parametrize(
    "more",
    [
        '@DBOS.workflow(name="{name}")\ndef bad() -> None: ...\n',
        '@DBOS.workflow(name="{name}")\ndef bad() -> None: ...\n@DBOS.workflow(name="{name}")\ndef w() -> None: ...\n',
        '@DBOS.dbos_class("{name}")\nclass Bad:\n    @DBOS.workflow()\n    def bad(self) -> None: ...\n',
        '@DBOS.step(name="{name}")\ndef step() -> None: ...\n@DBOS.workflow()\ndef bad() -> None:\n    step()\n',
        '@DBOS.transaction(name="{name}")\ndef t() -> None: ...\n@DBOS.workflow()\ndef bad() -> None:\n    t()\n',
        '@DBOS.workflow()\ndef bad() -> None:\n    DBOS.set_event("{name}", 1)\n',
        'E = Event[int]("{name}")\n@DBOS.workflow()\ndef bad() -> None:\n    DBOS.set_event(E, 1)\n',
        '@DBOS.workflow()\ndef bad() -> None:\n    DBOS.get_event("id", "{name}")\n',
        '@DBOS.workflow()\ndef bad(x: int) -> None:\n    for _ in range(x):\n        DBOS.send("id", 1, "{name}")\n',
        '@DBOS.workflow()\ndef bad() -> None:\n    x: int = DBOS.recv("{name}")\n',
        '@DBOS.workflow()\ndef bad() -> None:\n    DBOS.write_stream("{name}", 1)\n',
        '@DBOS.workflow()\ndef bad(x: int) -> None:\n    if DBOS.patch("{name}"):\n        DBOS.sleep(1)\n',
        '@DBOS.workflow()\ndef bad(x: int) -> None:\n    DBOS.deprecate_patch("{name}")\n',
    ],
)
def test_names_that_cannot_be_stored_are_findings(project: Path, more: str) -> None:
    (project / "app" / "bad.py").write_text("from dbos_typed import DBOS, Event\n" + more.format(name=r"a\ud800b"))
    status, said = _run(project)
    assert (status, "app/bad.py:" in said, "DG026 error" in said) == (1, True, True), said[-1000:]


def test_other_texts_that_no_file_holds_are_written_all_the_same(project: Path) -> None:
    more = r"""
from enum import Enum
from typing import Annotated, Literal, TypedDict

class Kind(Enum):
    A = "\ud800"

class Box(TypedDict):
    kind: Literal["\ud800"]

Strange = TypedDict("Strange", {"\ud800": int})

@DBOS.step()
def step(x: Annotated[str, "\ud800"] = "\ud800") -> Literal["\ud800"]:
    return "\ud800"

@DBOS.workflow()
def other(kind: Kind, box: Box, y: Literal["\ud800"], z: Strange, x: str = "\ud800") -> Box:
    "Say \ud800."
    match x:
        case "\ud800":
            step(x)
        case _ if f"{x}\ud800{y!r:\ud800}" == "\ud800":
            step(x)
    while x != "\ud800":
        step(x)
    for each in ["\ud800"]:
        step(each)
    try:
        step("\ud800") if x + "\ud800" else getattr(x, "\ud800")(step)
    except ValueError("\ud800"):
        DBOS.send("\ud800", "\ud800")
    return box
"""
    (project / "app" / "other.py").write_text("from dbos_typed import DBOS\n" + more)
    status, said = _run(project)
    assert status == 0, said
    assert _run(project, "--check")[0] == 0
    _run(project, "check")
    _run(project, "diff")


@pytest.mark.parametrize(
    "more",
    [
        "x = " + "[" * 5000 + "]" * 5000,
        "x = " + "{a=" * 5000 + "1" + "}" * 5000,
        "x = " + "9" * 10_000,
        "x = \0",
        "\xff",
    ],
)
def test_settings_that_cannot_be_read_are_an_error(project: Path, more: str) -> None:
    (project / "pyproject.toml").write_bytes((TABLE + "[other]\n" + more).encode("latin-1"))
    for arguments in ((), ("check",)):
        status, said = _run(project, *arguments)
        assert status == 2
        assert "TOML" in said


def test_links_that_lead_in_circles_are_walked_once(project: Path) -> None:
    app = project / "app"
    (app / "other").mkdir()
    (app / "other" / "up").symlink_to(Path("..", ".."))
    (app / "back").symlink_to(Path(".."))
    (app / "itself").symlink_to("itself")
    (app / "itself.py").symlink_to("itself.py")
    (app / "nowhere.py").symlink_to("missing.py")
    for name in ("one", "two", "three"):
        (app / name).mkdir()
        for other in ("one", "two", "three"):
            (app / name / f"to_{other}").symlink_to(Path("..", other))
    assert _run(project)[0] == 0
    assert _run(project, "--check")[0] == 0
    assert _run(project, "check")[0] == 0


def test_linked_package_is_read(project: Path) -> None:
    shared = project / "shared"
    shared.mkdir()
    (shared / "__init__.py").touch()
    (shared / "flows.py").write_text(WORKFLOW.format(name="shared", expression="1", annotation="int"))
    (project / "app" / "linked").symlink_to(shared)
    assert _run(project)[0] == 0
    assert (project / "app" / "generated" / "linked" / "flows.py").is_file()


def test_nothing_is_written_outside(project: Path) -> None:
    outside = project.parent / "outside"
    outside.mkdir()
    (project / ".dbos_gen_cache").symlink_to(outside)
    (project / "workflows.lock.json").symlink_to(outside / "lock.json")
    (project / "app" / "generated").symlink_to(outside)
    for arguments in ((), ("--check",)):
        status, said = _run(project, *arguments)
        assert (status, "DG004" in said) == (1, True), said
    (project / "app" / "generated").unlink()
    (project / "app" / "generated").mkdir()
    (project / "app" / "generated" / "good.py").symlink_to(outside / "good.py")
    assert _run(project)[0] == 0
    assert list(outside.iterdir()) == []
    assert not (project / "app" / "generated" / "good.py").is_symlink()


@pytest.mark.parametrize("command", ["diff", "check"])
def test_lock_file_that_is_none_is_an_error(project: Path, command: str) -> None:
    (project / "workflows.lock.json").write_text("[" * 100_000)
    _run(project, command)


def test_cache_that_is_none_is_made_anew(project: Path) -> None:
    assert _run(project)[0] == 0
    for file in project.rglob("*.json"):
        if file.name != "workflows.lock.json":
            file.write_text("[" * 100_000)
    assert _run(project, "--check")[0] == 0
