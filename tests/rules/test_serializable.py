"""dbos-serializable in signatures: lines that end with `# E: dbos-serializable` are reported, and no others."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.rules.programs import findings
from tests.rules.storing import HEAD, reported


def test_parameters_and_results_of_workflows(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
@dataclass
class Job:
    name: str
    connection: sqlite3.Connection

class Options(TypedDict, total=False):
    retries: int
    on_done: Callable[[], None]

class FineOptions(TypedDict, total=False):
    retries: int

@DBOS.workflow()
def by_position(lock: threading.Lock, number: int) -> int:  # E: dbos-serializable
    return number

@DBOS.workflow()
def on_lines(
    jobs: list[Job],  # E: dbos-serializable
    *more: Job,  # E: dbos-serializable
    later: "socket.socket | None" = None,  # E: dbos-serializable
    **options: Unpack[Options],  # E: dbos-serializable
) -> dict[str, Iterator[int]]:  # E: dbos-serializable
    return {}

@DBOS.workflow()
def fine(job: str, *more: int, later: bytes | None = None, **options: Unpack[FineOptions]) -> Iterable[int]:
    return [1]

@DBOS.workflow()
async def in_a_coroutine(number: int) -> Callable[[], int]:  # E: dbos-serializable
    return lambda: number

@DBOS.workflow()
def without_annotations(lock, number=threading.Lock()):
    return 1
""",
    )


def test_of_steps_and_transactions_only_results_are_stored(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
@DBOS.step()
def step(connection: sqlite3.Connection, callback: Callable[[], int]) -> int:
    return callback()

@DBOS.step()
def opened(path: str) -> io.TextIOWrapper:  # E: dbos-serializable
    return open(path)

@DBOS.transaction()
def rows(session: sa.Connection) -> sa.Result[tuple[int]]:  # E: dbos-serializable
    return session.execute(sa.text("SELECT 1"))

@DBOS.step()
async def started() -> WorkflowHandle[int]:  # E: dbos-serializable
    raise NotImplementedError

def helper(lock: threading.Lock) -> threading.Lock:
    return lock
""",
    )


def test_types_of_events_topics_and_streams(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
@dataclass
class Job:
    plug: socket.socket

PROGRESS = Event[int]("progress")
LOCKED = Event[threading.Lock]("locked")  # E: dbos-serializable
JOBS: Topic[list[Job]] = Topic("jobs")  # E: dbos-serializable
CALLS = Stream[Callable[[], int]]("calls")  # E: dbos-serializable

class Keys:
    HANDLES = Event[dict[str, WorkflowHandle[int]]]("handles")  # E: dbos-serializable
    NAMES = Event[dict[str, str]]("names")

@DBOS.workflow()
def workflow() -> None:
    DBOS.set_event(LOCKED, threading.Lock())
    DBOS.set_event(PROGRESS, 1)
""",
    )


def test_generators_cannot_be_recorded(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
@DBOS.workflow()
def workflow() -> Iterator[int]:  # E: dbos-serializable
    yield 1

@DBOS.step()
async def step() -> AsyncIterator[int]:  # E: dbos-serializable
    yield 1

@DBOS.step()
def fine() -> list[int]:
    def numbers() -> Iterator[int]:
        yield 1
    return list(numbers())
""",
    )


def test_types_are_followed_through_modules(tmp_path: Path) -> None:
    found = reported(
        tmp_path,
        {
            "shop/__init__.py": "from shop.models import Order as Order\n",
            "shop/base.py": """\
                from typing import Generic, TypeVar

                T = TypeVar("T")


                class Box(Generic[T]):
                    def __init__(self, content: T) -> None:
                        self.content = content
                """,
            "shop/models.py": """\
                from __future__ import annotations

                import dataclasses
                import typing

                if typing.TYPE_CHECKING:
                    import sqlite3

                    from shop.lines import Line


                @dataclasses.dataclass
                class Order:
                    lines: list[Line]
                    customer: Customer


                @dataclasses.dataclass
                class Customer:
                    name: str
                    orders: list[Order]
                """,
            "shop/lines.py": """\
                import dataclasses

                from shop.base import Box

                Crate = Box[int]


                @dataclasses.dataclass
                class Line:
                    sku: str
                    crate: "Crate | None" = None
                """,
            "shop/flows.py": """\
                from dbos_typed import DBOS
                from shop import Order


                @DBOS.workflow()
                def checkout(order: Order) -> str:  # E: dbos-serializable
                    return order.customer.name
                """,
        },
    )
    (finding,) = found
    assert finding.text == (
        "parameter `order` of workflow `checkout` cannot be stored: `order.lines[].crate` is of type `shop.base.Box`"
    )
    assert finding.hint.startswith("make it a dataclass")


def test_what_is_said_names_path_type_reason_and_remedy(tmp_path: Path) -> None:
    (finding,) = reported(
        tmp_path,
        HEAD
        + """
@dataclass
class Job:
    name: str
    connection: sqlite3.Connection

@DBOS.step()
def jobs() -> dict[str, list[Job]]:  # E: dbos-serializable
    return {}
""",
    )
    assert finding.text == (
        "the result of step `jobs` cannot be stored: `result[value][].connection` is of type `sqlite3.Connection` "
        "(a database connection)"
    )
    assert finding.hint == "open it inside the step that uses it, and pass what it is opened from"


def test_comments_silence_the_line(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
class LockError(Exception):
    def __init__(self, lock: threading.Lock) -> None:
        super().__init__("locked")
        self.lock = lock  # dbos: ignore[dbos-serializable]

@DBOS.workflow()
def first(lock: threading.Lock) -> int:  # dbos: ignore
    return 1

@DBOS.workflow()
def second(lock: threading.Lock) -> int:  # dbos: ignore[dbos-serializable]
    return 1

@DBOS.workflow()
def third(lock: threading.Lock) -> int:  # dbos: ignore[dbos-context]  # E: dbos-serializable
    raise LockError(lock)
""",
    )


def test_a_decorator_below_may_change_the_signature(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
def with_connection(function: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any) -> Any:
        return function(sqlite3.connect("x"), *args)
    return run

@DBOS.workflow()
@with_connection
def inside(connection: sqlite3.Connection, name: str) -> str:
    return name

@with_connection
@DBOS.workflow()
def outside(connection: sqlite3.Connection, name: str) -> str:  # E: dbos-serializable
    return name
""",
    )


def test_a_decorator_below_that_keeps_the_signature(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])

def logged(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)
    return run

def named(name: str) -> Callable[[F], F]:
    return lambda function: function

def durable(function: Callable[P, R]) -> Callable[P, R]:
    return DBOS.workflow()(function)

@DBOS.workflow()
@logged
@named("first")
def first(lock: threading.Lock) -> int:  # E: dbos-serializable
    return 1

@durable
def second(lock: threading.Lock) -> int:  # E: dbos-serializable
    return 1
""",
    )


def test_functions_that_are_decorated_by_a_call(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
def plain(lock: threading.Lock) -> int:  # E: dbos-serializable
    return 1

def fetch(lock: threading.Lock) -> socket.socket:  # E: dbos-serializable
    raise NotImplementedError

workflow = DBOS.workflow()(plain)
step = DBOS.step()(fetch)
""",
    )


def test_local_functions_and_classes(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
def make() -> None:
    class Local:
        def __init__(self) -> None:
            self.number = 1

    @dataclass
    class Holder:
        local: Local

    @DBOS.workflow()
    def workflow(local: Local, holder: Holder) -> int:  # E: dbos-serializable
        return 1

    @DBOS.step()
    def step() -> Callable[[], int]:  # E: dbos-serializable
        return lambda: 1
""",
    )


BRACKETED = """
@dataclass
class Box[T]:
    content: T

type Lists[T] = dict[str, list[T]]

@DBOS.workflow()
def workflow[T: threading.Thread](
    thread: T,  # E: dbos-serializable
    boxed: Box[socket.socket],  # E: dbos-serializable
    listed: Lists[socket.socket],  # E: dbos-serializable
    fine: Box[int],
    numbers: Lists[int],
) -> int:
    return 1
"""


def test_bracketed_type_parameters_and_type_statements(tmp_path: Path) -> None:
    if sys.version_info >= (3, 12):
        reported(tmp_path, HEAD + BRACKETED)
    else:  # the parser does not know them
        assert findings(tmp_path, HEAD + BRACKETED) == []


def test_syntax_errors_cycles_and_missing_names_are_survived(tmp_path: Path) -> None:
    reported(
        tmp_path,
        {
            "broken.py": "def (:\n",
            "first.py": "from second import B\n\nclass A(B): ...\n",
            "second.py": "from first import A\n\nclass B(A): ...\n",
            "flows.py": """\
                from dbos_typed import DBOS
                from first import A
                from second import *
                from nowhere import Missing
                import broken

                Alias = dict[str, "Alias"] | list["Alias"] | A

                class Own(Own): ...
                class Itself(Missing, broken.Thing): ...


                @DBOS.workflow()
                def workflow(a: A, own: Own, i: Itself, m: Missing, u: undefined, alias: Alias, n: 7, s: "int[") -> B:
                    return a.b.c(lambda: 1)
                """,
        },
    )
