"""What dbos-gen and the application version make of helpers that call each other in more ways than can be followed."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.codegen.projects import write_project

_HEAD = "from dbos_typed import DBOS\n\n\n@DBOS.step()\ndef step() -> int:\n    return 1\n\n\n"
_TAIL = "\n\n@DBOS.workflow()\ndef flow(x: int) -> int:\n    h{last}(x)\n    return 1\n"
_MAIN = """\
import os
import shop.workflows
from dbos_typed import DBOS

DBOS(config={"name": "shop", "database_url": "sqlite:///shop.sqlite", "log_level": "ERROR"})
DBOS.launch()
print(DBOS.health().app_version)
DBOS.destroy()
"""


def _source(count: int, body: Callable[[int], str], *, first: str = "step()") -> str:
    helpers = [f"def h0(x: int):\n    {first}\n", *(f"def h{i}(x: int):\n    {body(i)}\n" for i in range(1, count))]
    return _HEAD + "\n\n".join(helpers) + _TAIL.format(last=count - 1)


def _twice(i: int) -> str:
    return f"h{i - 1}(x); h{i - 1}(x)"


def _ran(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache")},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def _lock(folder: Path, source: str) -> str:
    write_project(folder, {"shop/workflows.py": source})
    _ran(folder, "-m", "dbos_gen", "--no-cache")
    return (folder / "workflows.lock.json").read_text()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(_source(40, _twice), id="the same value twice"),
        pytest.param(_source(40, lambda i: f"h{i - 1}(x + 1); h{i - 1}(x + 2)"), id="two values"),
        pytest.param(_source(40, _twice, first="print(x)"), id="nothing recorded"),
        pytest.param(_source(40, lambda i: f"if x: h{i - 1}(x)\n    else: h{i - 1}(x)"), id="branches"),
        pytest.param(
            _source(12, lambda _: "step(); " + "; ".join(f"h{j}(x)" for j in range(12))), id="all call each other"
        ),
    ],
)
def test_ends_soon_however_many_ways_there_are(source: str, tmp_path: Path) -> None:
    assert _lock(tmp_path, source).count("{") < 100_000


def test_writes_out_every_call_while_there_are_not_too_many(tmp_path: Path) -> None:
    lock = _lock(tmp_path, _source(12, _twice))
    assert lock.count('"step": "step"') == 2**11
    assert '"unknown"' not in lock


def test_a_key_that_is_passed_tells_the_readings_of_a_helper_apart(tmp_path: Path) -> None:
    body = "DBOS.set_event(x, 1)"
    source = (
        f"{_HEAD}def h0(x: str):\n    {body}\n\n\ndef h1(x: str):\n    h0(x)\n    h0('b')\n    h0(x)\n"
        "\n\n@DBOS.workflow()\ndef flow() -> int:\n    h1('a')\n    h1('c')\n    return 1\n"
    )
    lines = [line for line in _lock(tmp_path, source).splitlines() if '"DBOS.setEvent"' in line]
    assert [about for line in lines for about in "abc" if f'"{about}"' in line] == list("abacbc")


def test_recursion_is_told_where_it_is_whatever_was_read_before(tmp_path: Path) -> None:
    source = (
        f"{_HEAD}def h0(x: int):\n    step()\n    h1(x)\n\n\ndef h1(x: int):\n    h0(x)\n"
        "\n\n@DBOS.workflow()\ndef flow() -> int:\n    h0(1)\n    h1(1)\n    return 1\n"
    )
    lines = [line.strip(" ,") for line in _lock(tmp_path, source).splitlines() if "step" in line or "unknown" in line]
    step = '{"step": "step", "result": "int"}'
    told = ['{"unknown": "h0, which calls itself"}', '{"unknown": "h1, which calls itself"}']
    assert lines == [step, told[0], step, told[1]]


def test_a_change_in_what_is_too_long_is_a_change(tmp_path: Path) -> None:
    before = _lock(tmp_path, _source(18, _twice))
    assert "records too much to be followed" in before
    assert _lock(tmp_path, _source(18, _twice, first="step(); DBOS.sleep(1)")) != before


def test_the_application_starts_soon_with_a_version_that_a_change_changes(tmp_path: Path) -> None:
    versions: list[str] = []
    for first in ("step()", "step()  # again", "step(); DBOS.sleep(1)"):
        write_project(tmp_path, {"shop/workflows.py": _source(18, _twice, first=first), "main.py": _MAIN})
        versions.append(_ran(tmp_path, "main.py"))
    assert versions[0] == versions[1] != versions[2]
