"""A program whose process is forked after DBOS was launched, and what parent and children may do then.

Usage: forks.py DATABASE_URL WHAT [CONFIGURATION]. Says a line for each thing that it saw.
"""

import concurrent.futures
import json
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, cast

from dbos_typed import DBOS, DBOSClient, DBOSConfig, Queue
from dbos_typed.core import context
from dbos_typed.error import DBOSInitializationError

CHILD_SECONDS = 20
_url, _what, *_rest = sys.argv[1:]
_configuration: dict[str, Any] = json.loads(_rest[0]) if _rest else {}
queue = Queue("forks")


@DBOS.step()
def one(number: int) -> int:
    return number + 1


@DBOS.workflow()
def flow(number: int) -> int:
    return one(number) + one(number)


def square(number: int) -> int:
    return number * number


@DBOS.step()
def crunch() -> list[int]:
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        return list(pool.map(square, range(4)))


@DBOS.workflow()
def heavy() -> list[int]:
    return crunch()


@DBOS.step()
def split() -> str:
    """A child that goes on as if it were the workflow."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(CHILD_SECONDS)
        return "child"
    _, status = os.waitpid(pid, 0)
    return f"parent of {status}"


@DBOS.workflow()
def splitting() -> str:
    try:
        return split()
    except DBOSInitializationError:
        # Only in the child, whose step cannot be recorded.
        os._exit(1)


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201  # this is how the test follows the process


def in_child(action: Callable[[], object], *, is_quick: bool = False) -> None:
    """Fork, run, say how it went, and end as programs do."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        signal.alarm(CHILD_SECONDS)
        try:
            say(repr(action()))
        except BaseException as error:  # noqa: BLE001  # it is told
            say(type(error).__name__, error)
        if is_quick:
            os._exit(0)
        sys.exit(0)
    _, status = os.waitpid(pid, 0)
    say("child", status)


def launch(**changes: object) -> None:
    DBOS(
        config=cast(
            "DBOSConfig",
            {
                "name": "forks",
                "database_url": _url,
                "application_version": "1",
                "log_level": "ERROR",
                **_configuration,
                **changes,
            },
        )
    )
    DBOS.launch()


def use_everything() -> None:
    client = DBOSClient(_url)
    handle = DBOS.start_workflow(flow, 1)
    handle.get_result()
    for action in (
        lambda: flow(1),
        lambda: DBOS.start_workflow(flow, 1).get_result(),
        lambda: queue.enqueue(flow, 1).get_result(),
        DBOS.list_workflows,
        handle.get_result,
        client.list_workflows,
        client.destroy,
        DBOS.destroy,
    ):
        in_child(cast("Callable[[], object]", action))
    say("parent", flow(1), queue.enqueue(flow, 3).get_result(timeout_seconds=10), len(client.list_workflows()) > 0)
    client.destroy()


def launch_in_child() -> None:
    def launched() -> object:
        DBOS.launch()
        found = flow(1), queue.enqueue(flow, 3).get_result(timeout_seconds=10)
        executor_id = DBOS.executor_id
        DBOS.destroy()
        return found, executor_id != parent, executor_id.startswith(str(_configuration.get("executor_id", "")))

    parent = DBOS.executor_id
    in_child(launched)
    say("parent", flow(1), DBOS.executor_id == parent)


def relaunch_by_itself() -> None:
    parent = DBOS.executor_id
    in_child(lambda: (flow(1), queue.enqueue(flow, 3).get_result(timeout_seconds=10), DBOS.executor_id != parent))
    say("parent", flow(1))


def under_load() -> None:
    """Children come and go, in every way, while the parent's threads work."""
    rests = threading.Event()
    done: list[int] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not rests.is_set():
                done.append(flow(1) + queue.enqueue(flow, 1).get_result(timeout_seconds=10))
        except BaseException as error:  # noqa: BLE001  # it is told
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(12):
        in_child(lambda: flow(1), is_quick=number % 2 == 0)
    rests.set()
    for thread in threads:
        thread.join()
    say("parent", failures, len(done) > 0, set(done), heavy(), splitting())


if __name__ == "__main__":
    launch()
    assert context.current().run is None
    {
        "everything": use_everything,
        "launch": launch_in_child,
        "relaunch": relaunch_by_itself,
        "load": under_load,
    }[_what]()
    DBOS.destroy()
    say("destroyed")
