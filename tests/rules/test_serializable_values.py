"""dbos-serializable in values: lines that end with `# E: dbos-serializable` are reported, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.storing import HEAD, reported


def test_methods_are_called_on_something_that_is_not_stored(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
@DBOS.dbos_class()
class Shop(DBOSConfiguredInstance):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.lock = threading.Lock()
        self.stock = 3

    @DBOS.workflow()
    def restock(self, number: int) -> int:
        return self.stock + number

    @DBOS.workflow()
    def leaks(self, number: int) -> Any:
        return self.lock  # E: dbos-serializable

    @DBOS.workflow()
    def itself(self) -> Any:
        return self  # E: dbos-serializable

    @DBOS.workflow()
    def its_method(self) -> Any:
        return self.restock  # E: dbos-serializable

    @classmethod
    @DBOS.workflow()
    def its_class(cls, number: int) -> Any:
        return cls  # E: dbos-serializable

    @staticmethod
    @DBOS.workflow()
    def static(callback: Callable[[], int]) -> Any:  # E: dbos-serializable
        return callback

shop = Shop("main")
DBOS.start_workflow(Shop.restock, shop, 1)
DBOS.start_workflow(shop.restock, 1)
Shop.restock(shop, 1)
Queue("q").enqueue(shop.restock, shop.lock)  # E: dbos-serializable
""",
    )


@pytest.mark.parametrize(
    "expression",
    [
        "lambda: 1", "(n for n in [1])", "open('x')", "threading.Lock()", "threading.Event()", "socket.socket()",
        "sqlite3.connect('x')", "sqlite3.connect('x').execute('')", "iter([1])", "map(str, [1])", "zip([1], [2])",
        "reversed([1])", "print", "len", "int", "helper", "Model", "plain_helper", "plain_helper()", "rows()",
        "coroutine()", "functools.partial(print, 1)", "type(argument)", "io.StringIO()", "sa", "{'a': 1}.items()",
        "[lambda: 1]", "{'a': [threading.Lock()]}", "(1, open('x'))", "[open(p) for p in 'ab']",
        "open('x') if argument else None", "Plain()", "LOCK", "LOCKS[0] if False else LOCK", "local", "local_function",
        "DBOS.start_workflow(other, 1)", "DBOS.retrieve_workflow('w')", "DBOS.logger", "asyncio.sleep(1)",
        "asyncio.Lock()", "memoryview(b'')", "slice(1)", "sa.create_engine('x')", "sa.select(1)",
        "os.environ", "sys.stdout", "'x'.upper", "hashlib.sha256(b'')", "boto3.client('s3')", "[1].append",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["return {}", "DBOS.set_event('key', {})", "DBOS.send('w', {})"])
def test_values_that_cannot_be_stored_whatever_the_annotation_says(expression: str, place: str, tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + f"""
LOCK = threading.Lock()
LOCKS = [LOCK]

class Plain:
    def __init__(self) -> None:
        self.number = 1

@dataclass
class Model:
    number: int

def helper(number: int) -> int:
    return number

def plain_helper() -> Callable[[], int]:
    return lambda: 1

def rows() -> Generator[int, None, None]:
    yield 1

async def coroutine() -> int:
    return 1

@DBOS.workflow()
def other(number: int) -> int:
    return number

@DBOS.workflow()
def workflow(argument: int) -> Any:
    local = open("x")
    def local_function() -> int:
        return 1
    {place.format(expression)}  # E: dbos-serializable
    return None
""",
    )


def test_values_that_can_be_stored_or_are_not_known(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
import enum
import contextlib
import json
import re
import tempfile
import requests

class Color(enum.Enum):
    RED = "red"
    BY_FUNCTION = len

class Payment:
    amount: int = 0

@dataclass
class Item:
    sku: str
    count: int = 1

    @property
    def label(self) -> str:
        return self.sku

    def total(self) -> int:
        return self.count

def maybe(flag: bool) -> str | Callable[[], str]:
    return "a"

def decorated(function: Any) -> Any:
    return function

@decorated
def not_a_function() -> int:
    return 1

async def fetch() -> int:
    return 1

@DBOS.step()
def results(item: Item, anything: Any, items: list[Item], given: Iterable[int]) -> Any:
    with open("x") as file, tempfile.TemporaryDirectory() as folder, contextlib.nullcontext(5) as five:
        text = file.read()
    with contextlib.suppress(ValueError):
        text += "x"
    response = requests.get("https://example.org")
    chosen = maybe(True)
    if isinstance(chosen, str):
        return chosen
    if not callable(anything):
        return anything
    found = None
    for found in items:
        pass
    kind = Color.RED
    both = open("x")
    both = "x"
    return [
        text, folder, five, response.json(), response.status_code, Item("a"), item.label, item.total(), found, kind,
        Color.BY_FUNCTION, json.loads("{}"), list(n for n in [1]), [*given], sorted(given), dict(zip("a", "b")), both,
        len(items), str(item), {i.sku: i for i in items}, max(n for n in [1]), not_a_function, Payment(), (1, 2),
        re.compile("x"), b"".join([b"a"]), given, range(3), {1, 2}, "".join(str(n) for n in [1]),
    ]

@DBOS.workflow()
async def in_coroutines() -> Any:
    number = await fetch()
    DBOS.set_event("number", await fetch())
    return number

@DBOS.transaction()
def in_a_transaction() -> Any:
    session = DBOS.sql_session
    total = session.execute(sa.text("SELECT 1")).scalar_one()
    names = [tuple(row) for row in session.execute(sa.text("SELECT 1")).all()]
    return total, names, session.execute(sa.text("DELETE")).rowcount
""",
    )


def test_rows_and_results_of_a_session(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
@DBOS.transaction()
def result() -> Any:
    return DBOS.sql_session.execute(sa.text("SELECT 1"))  # E: dbos-serializable

@DBOS.transaction()
def all_rows() -> Any:
    session = DBOS.sql_session
    rows = session.execute(sa.text("SELECT 1")).all()
    return rows  # E: dbos-serializable

@DBOS.transaction()
def one_row():
    return DBOS.sql_session.execute(sa.text("SELECT 1")).one()  # E: dbos-serializable

@DBOS.transaction()
def mappings():
    return DBOS.sql_session.execute(sa.text("SELECT 1")).mappings().all()  # E: dbos-serializable

@DBOS.transaction()
def the_session():
    return DBOS.sql_session  # E: dbos-serializable
""",
    )


def test_messages_events_streams_and_arguments(tmp_path: Path) -> None:
    reported(
        tmp_path,
        HEAD
        + """
QUEUE = Queue("q")
LOCK = threading.Lock()
client = DBOSClient("postgresql://")

@DBOS.workflow()
def target(value: Any, *, extra: Any = None) -> None: ...

@DBOS.workflow()
def refused_already(lock: threading.Lock) -> None:  # E: dbos-serializable
    DBOS.set_event("lock", lock)

@DBOS.workflow()
def sender() -> None:
    handle = DBOS.start_workflow(target, 1)
    DBOS.set_event("handle", handle)  # E: dbos-serializable
    DBOS.set_event("id", handle.workflow_id)
    DBOS.send(handle.workflow_id, message=LOCK)  # E: dbos-serializable
    DBOS.write_stream("s", (n for n in [1]))  # E: dbos-serializable
    DBOS.write_stream("s", [n for n in [1]])
    DBOS.start_workflow(target, lambda: 1)  # E: dbos-serializable
    DBOS.start_workflow(target, 1, extra=handle)  # E: dbos-serializable
    DBOS.start_workflow(refused_already, LOCK)
    refused_already(LOCK)
    target(open("x"))  # E: dbos-serializable
    target("x")

async def from_outside(callback: Callable[[], None]) -> None:
    QUEUE.enqueue(target, callback)  # E: dbos-serializable
    await QUEUE.enqueue_async(target, callback)  # E: dbos-serializable
    await DBOS.start_workflow_async(target, sqlite3.connect("x"))  # E: dbos-serializable
    client.enqueue({"workflow_name": "target", "queue_name": "q"}, LOCK)  # E: dbos-serializable
    client.send("w", LOCK)  # E: dbos-serializable
    client.send("w", "lock")
""",
    )
