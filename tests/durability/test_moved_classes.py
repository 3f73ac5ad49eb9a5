"""A process is killed; the next one finds classes in other places than the first recorded them."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

_CLASSES = """
from dataclasses import dataclass

class OutOfStock(Exception):
    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item

@dataclass
class Note:
    text: str

@dataclass
class LongNote(Note):
    more: int = 2

class Outer:
    class Nested(OutOfStock):
        pass
"""
_FLOW = """
import os
import sys
import time
from typing import Any

from dbos_typed import DBOS, SetWorkflowID
{imports}


@DBOS.step()
def reserve(item: str) -> None:
    raise OutOfStock(item)


@DBOS.step()
def nested(item: str) -> None:
    raise Outer.Nested(item)


@DBOS.step()
def notes() -> Any:
    return [LongNote("a")]


@DBOS.step()
def ship(item: str) -> None:
    print("SHIP", flush=True)


@DBOS.workflow()
def order(item: str) -> str:
    seen: list[str] = []
    try:
        reserve(item)
    except OutOfStock as error:
        seen.append(f"out of {{error.item}}")
    except Exception as error:
        seen.append(type(error).__name__)
    try:
        nested(item)
    except Outer.Nested as error:
        seen.append(f"nested {{error.item}}")
    except Exception as error:
        seen.append(type(error).__name__)
    seen.extend(type(note).__name__ for note in notes())
    if os.environ.get("HOLD"):
        print("held", flush=True)
        time.sleep(60)
    ship(item)
    return ", ".join(seen)


def run() -> None:
    DBOS(config={{
        "name": "moved",
        "database_url": sys.argv[-1],
        "executor_id": "here",
        "log_level": "ERROR",
        **({{"application_version": "1"}} if os.environ.get("ONE_VERSION") else {{}}),
    }})
    DBOS.launch()
    if os.environ.get("HOLD"):
        with SetWorkflowID("o"):
            DBOS.start_workflow(order, "tea")
        time.sleep(60)
    handle = DBOS.retrieve_workflow("o")
    try:
        print("RESULT", handle.get_result(timeout_seconds=float(os.environ.get("PATIENCE", "20"))))
    except TimeoutError:
        print("STATUS", handle.get_status().status)
    DBOS.destroy()


if __name__ == "__main__":
    run()
"""
_DONE = "SHIP\nRESULT out of tea, nested tea, LongNote"
_FROM = "from {} import LongNote, Note, OutOfStock, Outer"
# One of the names is a piece of another one.
_SPELLED_OUT = """
from new import (
    LongNote as LongNote,
    Note as Note,
    OutOfStock as OutOfStock,
    Outer as Outer,
)

__all__ = ["LongNote", "Note", "OutOfStock", "Outer"]
OutOfStockNow = OutOfStockSoon = 1
"""


@dataclass(frozen=True)
class Program:
    """A folder with a program, and a database that outlives its processes."""

    folder: Path

    def lay(self, **files: str) -> None:
        for old in self.folder.glob("*.py"):
            old.unlink()
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text, encoding="utf-8")

    def start(self, *command: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *command, f"sqlite:///{self.folder / 'moved.sqlite'}"],
            cwd=self.folder,
            env={**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache"), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def killed(self, *command: str, **environment: str) -> None:
        """Run until the calls are recorded, and kill it."""
        with self.start(*command, HOLD="1", **environment) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n", process.stderr and process.stderr.read()
            process.send_signal(signal.SIGKILL)

    def finished(self, *command: str, **environment: str) -> tuple[str, str]:
        with self.start(*command, **environment) as process:
            output, errors = process.communicate(timeout=60)
        return output.strip(), errors


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


_LAZY = """
import os
import sys
import time

from dbos_typed import DBOS, SetWorkflowID


@DBOS.step()
def parse(text: str) -> None:
    import far

    far.parse(text)


@DBOS.workflow()
def order(text: str) -> str:
    try:
        parse(text)
        seen = "parsed"
    except ValueError as error:
        seen = f"bad {error}"
    except Exception as error:
        seen = f"other {type(error).__name__}"
    if os.environ.get("HOLD"):
        print("held", flush=True)
        time.sleep(60)
    print("SHIP", flush=True)
    return seen
"""
_FAR = """
class FarError(ValueError):
    pass


def parse(text: str) -> None:
    raise FarError(text)
"""
_IMPORTED = ("-c", "import flow; flow.run()")
_SCRIPT = ("flow.py",)
_MODULE = ("-m", "flow")


@pytest.mark.parametrize(
    ("first", "second"), [(_SCRIPT, _IMPORTED), (_IMPORTED, _SCRIPT), (_SCRIPT, _MODULE), (_MODULE, _IMPORTED)]
)
def test_a_script_and_the_imported_module_read_the_same_records(
    program: Program, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    program.lay(flow=_CLASSES + _FLOW.format(imports=""))
    program.killed(*first)
    assert program.finished(*second)[0] == _DONE


@pytest.mark.parametrize(
    ("kept", "imports"),
    [
        (_FROM.format("new"), _FROM.format("new") + "\nimport old"),
        (_FROM.format("new"), _FROM.format("old")),
        (_SPELLED_OUT, _FROM.format("old")),
    ],
)
def test_a_move_that_keeps_the_old_name_is_none(program: Program, kept: str, imports: str) -> None:
    program.lay(old=_CLASSES, flow=_FLOW.format(imports=_FROM.format("old")))
    program.killed(*_IMPORTED)
    program.lay(new=_CLASSES, old=kept, flow=_FLOW.format(imports=imports))
    assert program.finished(*_IMPORTED)[0] == _DONE


def test_a_move_without_the_old_name_is_another_version(program: Program) -> None:
    program.lay(old=_CLASSES, flow=_FLOW.format(imports=_FROM.format("old")))
    program.killed(*_IMPORTED)
    program.lay(new=_CLASSES, flow=_FLOW.format(imports=_FROM.format("new")))
    output, errors = program.finished(*_IMPORTED, PATIENCE="2")
    assert (output, errors) == ("STATUS PENDING", "")


def test_records_that_cannot_be_read_are_told_and_wait(program: Program) -> None:
    program.lay(old=_CLASSES, flow=_FLOW.format(imports=_FROM.format("old")))
    program.killed(*_IMPORTED, ONE_VERSION="1")
    program.lay(new=_CLASSES, flow=_FLOW.format(imports=_FROM.format("new")))
    output, errors = program.finished(*_IMPORTED, ONE_VERSION="1", PATIENCE="2")
    assert output == "STATUS PENDING"
    for told in ("'o', step 1", "'reserve'", "'old:OutOfStock'", "workflow 'order'", "stays recoverable"):
        assert told in errors
    program.lay(old=_CLASSES, flow=_FLOW.format(imports=_FROM.format("old")))
    assert program.finished(*_IMPORTED, ONE_VERSION="1")[0] == _DONE


def test_a_library_that_only_a_step_imports_is_found_by_a_replay(program: Program) -> None:
    program.lay(far=_FAR, flow=_LAZY + _FLOW[_FLOW.index("\n\ndef run") :].format())
    program.killed(*_IMPORTED)
    assert program.finished(*_IMPORTED)[0] == "SHIP\nRESULT bad tea"
