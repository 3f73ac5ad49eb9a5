"""Which process an executor is: no two share an id, and the work of one that died is continued at once, and once."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from dbos_typed import DBOSClient
from dbos_typed.storage.database import parse_url

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("identities.py")
ROOT = Path(__file__).parents[2]
WAIT_SECONDS = 30.0
AT_ONCE_SECONDS = 5.0
"""Much less than the lease of an executor, which is 30 seconds unless a test says otherwise."""
TOGETHER = 8


class Process:
    """An executor in a process of its own."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.popen = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment
        )
        assert self.says() == ["imported"]

    def says(self) -> list[str]:
        """Its next line, in two words at most."""
        assert self.popen.stdout is not None
        return self.popen.stdout.readline().strip().split(" ", 1)

    def launched(self) -> str:
        """Its executor id, when it is launched."""
        word, executor_id = self.says()
        assert word == "launched", executor_id
        return executor_id

    def tell(self, command: str) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{command}\n")

    def start(self, *workflow_ids: str) -> None:
        for workflow_id in workflow_ids:
            self.tell(f"start {workflow_id}")
            assert self.says() == ["started", workflow_id]

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()


class Place:
    """A database, a folder, and the processes that share them."""

    def __init__(self, url: str, folder: Path, stack: ExitStack) -> None:
        self.url = url
        self.folder = folder
        self.is_sqlite = url.startswith("sqlite")
        self._prefix = "dbos_" if self.is_sqlite else "dbos_typed."
        self._stack = stack
        self._engine = create_engine(parse_url(url))
        stack.callback(self._engine.dispose)
        (folder / "hold").touch()
        stack.callback((folder / "hold").unlink, missing_ok=True)

    def process(
        self, name: str, *, wrapper: Sequence[str] = (), barrier: Path | None = None, **configuration: object
    ) -> Process:
        """Start a process; it is killed at the end of the test."""
        arguments = [self.url, str(self.folder), name, json.dumps(configuration)]
        more = [] if barrier is None else [str(barrier)]
        process = Process([*wrapper, sys.executable, str(SCRIPT), *arguments, *more])
        self._stack.callback(process.popen.communicate)
        self._stack.callback(process.kill)
        return process

    def release(self) -> None:
        """Let the errands end."""
        (self.folder / "hold").unlink()

    def rows(self, query: str) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(text(query.format(dbos=self._prefix))).all()

    def change(self, statement: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement.format(dbos=self._prefix)))

    def workflows(self) -> dict[str, Any]:
        return {row.workflow_id: row for row in self.rows("SELECT * FROM {dbos}workflows")}

    def are_done(self) -> bool:
        return all(row.status == "SUCCESS" for row in self.workflows().values())

    def effects(self) -> Counter[tuple[str, str, str]]:
        """How often each step of each workflow happened in each process."""
        lines = (line.split() for line in (self.folder / "effects").read_text().splitlines())
        return Counter((workflow_id, step, name) for workflow_id, step, name in lines)


def freeze(place: Place, process: Process) -> None:
    """Stop a process where it holds no lock of a SQLite file, which nobody could take from it."""
    while True:
        process.popen.send_signal(signal.SIGSTOP)
        try:
            place.change("UPDATE {dbos}executors SET pid = pid")
        except OperationalError:
            process.popen.send_signal(signal.SIGCONT)
        else:
            return


def until(condition: Callable[[], object], seconds: float = WAIT_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not come within {seconds} s"
        time.sleep(0.01)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(database_url, tmp_path, stack)


def test_processes_that_launch_together_have_ids_of_their_own_and_one_that_dies_is_taken_over_once(
    place: Place,
) -> None:
    barrier = place.folder / "barrier"
    names = [f"p{number}" for number in range(TOGETHER)]
    processes = [place.process(name, barrier=barrier, executor_timeout_seconds=2.0) for name in names]
    barrier.touch()
    ids = [process.launched() for process in processes]
    assert len(set(ids)) == TOGETHER
    for name, process in zip(names, processes, strict=True):
        process.start(f"w-{name}")
    until(lambda: len(place.effects()) == 2 * TOGETHER)
    processes[0].kill()
    until(lambda: place.workflows()["w-p0"].executor_id != ids[0])
    place.release()
    until(place.are_done)
    rows = place.workflows()
    assert [row.recovery_attempts for _, row in sorted(rows.items())] == [1] + [0] * (TOGETHER - 1)
    (again,) = [key for key in place.effects() if key[0] == "w-p0" and key[2] != "p0"]
    assert again[1] == "wait", "what was recorded is not run again"
    assert max(place.effects().values()) == 1
    until(lambda: ids[0] not in {row.executor_id for row in place.rows("SELECT * FROM {dbos}executors")})


@pytest.mark.parametrize("configuration", [{}, {"executor_id": "web-1"}])
def test_restarted_service_continues_its_own_work_at_once(place: Place, configuration: dict[str, Any]) -> None:
    first = place.process("first", **configuration)
    executor_id = first.launched()
    first.start("a", "b")
    until(lambda: len(place.effects()) == 4)
    first.kill()
    second = place.process("second", **configuration)
    second_id = second.launched()
    assert (second_id == executor_id) is bool(configuration)
    until(lambda: all(place.effects()[each, "wait", "second"] == 1 for each in "ab"), AT_ONCE_SECONDS)
    place.release()
    until(place.are_done)
    assert [row.recovery_attempts for row in place.workflows().values()] == [1, 1]
    assert ("a", "leave", "second") not in place.effects()


def test_work_that_a_stopped_service_left_is_continued_at_the_next_launch(place: Place) -> None:
    first = place.process("first")
    first.launched()
    first.start("a")
    until(lambda: len(place.effects()) == 2)
    first.tell("destroy")
    assert first.says() == ["destroyed"]
    first.tell("launch")
    first.launched()
    place.release()
    until(place.are_done, AT_ONCE_SECONDS)


def test_id_that_a_living_process_holds_is_refused_with_its_holder(place: Place) -> None:
    holder = place.process("holder", executor_id="web-1")
    holder.launched()
    assert place.rows("SELECT lock_name FROM {dbos}executors")[0].lock_name is not None, "the claim names the lock"
    holder.start("a")
    before = place.workflows()["a"]
    second = place.process("second", executor_id="web-1")
    word, message = second.says()
    assert word == "refused"
    assert f"'web-1' is held by a living process: number {holder.popen.pid} on host" in message
    assert "last seen" in message
    assert place.workflows()["a"].run_token == before.run_token
    holder.tell("destroy")
    assert holder.says() == ["destroyed"]
    second.tell("launch")
    assert second.launched() == "web-1"


def test_one_id_is_claimed_by_one_of_those_that_launch_together(place: Place) -> None:
    barrier = place.folder / "barrier"
    processes = [place.process(f"p{number}", barrier=barrier, executor_id="web-1") for number in range(4)]
    barrier.touch()
    assert sorted(process.says()[0] for process in processes) == ["launched", "refused", "refused", "refused"]


def test_id_without_a_lock_is_refused_while_its_holder_beats_and_free_when_its_lease_is_over(place: Place) -> None:
    holder = place.process("holder", executor_id="web-1", executor_timeout_seconds=2.0)
    holder.launched()
    holder.start("a")
    place.change("UPDATE {dbos}executors SET lock_name = NULL")
    second = place.process("second", executor_id="web-1")
    assert second.says()[0] == "refused"
    freeze(place, holder)
    place.change("UPDATE {dbos}executors SET lock_name = NULL")
    third = place.process("third", executor_id="web-1")
    assert third.launched() == "web-1"
    until(lambda: place.effects()["a", "wait", "third"] == 1)
    # The one that was frozen finds that it has lost its id, and takes nothing back.
    token = place.workflows()["a"].run_token
    holder.popen.send_signal(signal.SIGCONT)
    until(lambda: len(place.rows("SELECT * FROM {dbos}executors")) == 2)
    place.release()
    until(place.are_done)
    assert place.workflows()["a"].run_token == token


def test_old_version_of_an_id_hides_no_work_from_the_living_of_that_version(place: Place) -> None:
    old = place.process("old", executor_id="web-1", executor_timeout_seconds=2.0)
    old.launched()
    old.start("a")
    until(lambda: len(place.effects()) == 2)
    other = place.process("other", executor_id="web-2", executor_timeout_seconds=2.0)
    other.launched()
    # Frozen, so that it is the claim of its id that tells its end.
    freeze(place, other)
    old.kill()
    new = place.process("new", executor_id="web-1", application_version="2")
    new.launched()
    other.popen.send_signal(signal.SIGCONT)
    place.release()
    until(place.are_done)
    assert place.workflows()["a"].executor_id == "web-2"
    assert place.effects()["a", "wait", "other"] == 1


def test_client_resumes_what_only_an_executor_of_another_version_can_continue(place: Place) -> None:
    old = place.process("old", executor_id="web-1")
    old.launched()
    old.start("a", "b")
    until(lambda: len(place.effects()) == 4)
    with DBOSClient(place.url) as client:
        client.resume_workflow("b")
        assert place.workflows()["b"].status == "PENDING", "a living executor runs it"
        old.kill()
        new = place.process("new", executor_id="web-1", application_version="2")
        new.launched()
        client.cancel_workflow("b")
        place.release()
        for workflow_id in ("a", "b"):
            client.resume_workflow(workflow_id).get_result(timeout_seconds=WAIT_SECONDS)
    assert {row.executor_id for row in place.workflows().values()} == {"web-1"}
    assert {row.app_version for row in place.workflows().values()} == {"2"}


def test_containers_of_one_host_name_do_not_take_each_other_for_dead(place: Place) -> None:
    """Each is process 1 or 2 of its own namespace, in which there is no process of the other's number."""
    unshare = shutil.which("unshare")
    wrapper = () if unshare is None else (unshare, "--pid", "--fork", "--mount-proc", "--kill-child")
    if wrapper and subprocess.run([*wrapper, "true"], check=False, capture_output=True).returncode:
        wrapper = ()
    first = place.process("first", wrapper=wrapper)
    first.launched()
    first.start("a")
    until(lambda: len(place.effects()) == 2)
    for number in range(3):
        later = place.process(f"later{number}", wrapper=wrapper)
        later.launched()
        time.sleep(1.5)
        later.tell("destroy")
        assert later.says() == ["destroyed"]
    assert place.workflows()["a"].recovery_attempts == 0
    place.release()
    until(place.are_done)
    assert place.effects() == Counter({("a", "leave", "first"): 1, ("a", "wait", "first"): 1})
