"""Code that is edited between a crash and the restart, without an application version being set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

_STEPS = """\
from dbos_typed import DBOS


@DBOS.step()
def reserve(order_id: str) -> str:
    return f"reserved {order_id}"


@DBOS.step()
def ship(reservation: str) -> str:
    return f"{reservation}, shipped"
"""
_FLOWS = """\
from dbos_typed import DBOS

from shop.steps import reserve, ship


@DBOS.workflow()
def order(order_id: str) -> str:
    reservation = reserve(order_id)
    print("reserved", flush=True)
    DBOS.recv("approval", timeout_seconds=60)
    return ship(reservation)
"""
_APP = """\
import sys

from dbos_typed import DBOS, SetWorkflowID

from shop.flows import order

DBOS(config={"name": "shop", "database_url": sys.argv[1], "log_level": "ERROR"})
DBOS.launch()
if sys.argv[2] == "start":
    with SetWorkflowID("o-1"):
        DBOS.start_workflow(order, "o-1").get_result()
print("version", DBOS.application_version)
handle = DBOS.retrieve_workflow("o-1")
if sys.argv[2] == "finish":
    DBOS.send("o-1", "yes", "approval")
    print(handle.get_result())
status = handle.get_status()
print(status.status, status.recovery_attempts)
DBOS.destroy()
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return a folder with an application."""
    (tmp_path / "shop").mkdir()
    for name, text in {"shop/steps.py": _STEPS, "shop/flows.py": _FLOWS, "app.py": _APP}.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def _edit(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def _started_and_killed(app: Path, url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "app.py", url, "start"], cwd=app, env=_environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reserved\n"
        process.kill()


def _run(app: Path, url: str, command: str) -> list[str]:
    found = subprocess.run(
        [sys.executable, "app.py", url, command],
        cwd=app,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.splitlines()


def _environment() -> dict[str, str]:
    # An edit within the second that the file was compiled in, of the same length, would not be seen by Python.
    return {name: value for name, value in os.environ.items() if name != "DBOS__APPVERSION"} | {
        "PYTHONDONTWRITEBYTECODE": "1"
    }


def test_a_comment_and_the_inside_of_a_step_strand_nothing(app: Path, database_url: str) -> None:
    _started_and_killed(app, database_url)
    _edit(
        app / "shop/flows.py", "    reservation = ", '    """Sell something."""\n    # First things first.\n    held = '
    )
    _edit(app / "shop/flows.py", "ship(reservation)", "ship(held)")
    _edit(app / "shop/steps.py", '"{reservation}, shipped"', '"{reservation.upper()}, sent"')
    lines = _run(app, database_url, "finish")
    assert lines[-2:] == ["RESERVED O-1, sent", "SUCCESS 1"]


def test_reordered_calls_are_not_taken_over(app: Path, database_url: str) -> None:
    _started_and_killed(app, database_url)
    before = (app / "shop/flows.py").read_text()
    _edit(app / "shop/flows.py", "    reservation = reserve(order_id)\n", '    reservation = ship("nothing")\n')
    _edit(app / "shop/flows.py", "return ship(reservation)", "return reserve(reservation)")
    other, status = _run(app, database_url, "look")
    assert status == "PENDING 0"
    (app / "shop/flows.py").write_text(before)
    lines = _run(app, database_url, "finish")
    assert lines[-2:] == ["reserved o-1, shipped", "SUCCESS 1"]
    assert other not in lines
