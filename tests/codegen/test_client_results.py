"""Generated references in a process that has the types of an application and none of its workflows."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from tests.codegen.projects import CONFIG, write_project

_MODELS = """\
from dataclasses import dataclass
from enum import Enum


class Speed(Enum):
    SLOW = "slow"


@dataclass(frozen=True)
class Line:
    sku: str
    speed: Speed


@dataclass(frozen=True)
class Receipt:
    lines: tuple[Line, ...]
    note: str


@dataclass(frozen=True)
class Note:
    text: str
"""
_WORKFLOWS = """\
from dataclasses import dataclass

from dbos_typed import DBOS, Event, Queue

from shop.models import Line, Note, Receipt, Speed

orders = Queue("orders")
LAST = Event[Line]("last")


@dataclass
class Inside:
    x: int


@DBOS.workflow()
def checkout(order_id: str, lines: list[Line]) -> Receipt:
    DBOS.set_event("first", lines[0])
    DBOS.set_event(LAST, lines[-1])
    for line in lines:
        DBOS.write_stream("seen", line)
    note: Note | None = DBOS.recv("note", timeout_seconds=60)
    return Receipt(tuple(lines), "" if note is None else note.text)


@DBOS.workflow()
async def later(speed: Speed) -> dict[str, tuple[Speed, int]]:
    await DBOS.set_event_async("speed", speed)
    return {"speed": (speed, 1)}


@DBOS.workflow()
def inside() -> Inside:
    return Inside(1)
"""
_SERVE = """\
import sys

import shop.workflows
from dbos_typed import DBOS, DBOSConfig

DBOS(config=DBOSConfig(name="shop", system_database_url=sys.argv[1]))
DBOS.launch()
print("ready", flush=True)
sys.stdin.read()
DBOS.destroy()
"""
_NOT_HERE = (
    "workflow 'inside': its result cannot be read here, because its type cannot be imported "
    "(ModuleNotFoundError: No module named 'shop.workflows'). Define the type in a module that this process has as "
    "well, apart from the workflow, and run dbos-gen."
)
_BEGIN = """\
import asyncio
import sys

from dbos_typed import DBOSClient
from shop.generated.workflows import checkout, inside, later
from shop.models import Line, Note, Speed

assert "shop.workflows" not in sys.modules
with DBOSClient(sys.argv[1]) as client:
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shop:
    """A served application, and the folder of a client that has its models and its generated code."""

    url: str
    client: Path

    def run(self, body: str) -> list[str]:
        """Run the body of a `with DBOSClient(...) as client:` in a process of its own; the lines that it prints."""
        indented = "".join(f"    {line}\n" for line in body.strip().splitlines())
        found = subprocess.run(
            [sys.executable, "-c", _BEGIN + indented, self.url],
            cwd=self.client,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert found.returncode == 0, found.stderr
        return found.stdout.splitlines()


@pytest.fixture
def shop(tmp_path: Path, database_url: str) -> Iterator[_Shop]:
    files = {"shop/models.py": _MODELS, "shop/workflows.py": _WORKFLOWS, "serve.py": _SERVE}
    config = write_project(tmp_path / "application", files, config=CONFIG)
    assert not pipeline.generate(load(config)).has_errors
    client = tmp_path / "client"
    shutil.copytree(config.parent / "shop", client / "shop", ignore=shutil.ignore_patterns("workflows.py"))
    generated = config.parent / "shop" / "generated"
    shutil.copy(generated / "workflows.py", client / "shop" / "generated")
    with subprocess.Popen(
        [sys.executable, "serve.py", database_url],
        cwd=config.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        assert server.stdout.readline() == "ready\n"
        yield _Shop(url=database_url, client=client)
        server.stdin.close()
        server.wait(timeout=60)


@pytest.mark.slow
def test_a_client_with_the_types_reads_and_sends_real_objects(shop: _Shop) -> None:
    lines = shop.run(
        """
handle = checkout.via(client).enqueue("orders", "o-1", [Line("a", Speed.SLOW), Line("b", Speed.SLOW)])
print(handle.get_event("first"))
print(handle.get_event("last"))
print(next(iter(handle.read_stream("seen"))))
handle.send(Note("hello"), "note")
receipt = handle.get_result()
print(type(receipt).__module__, receipt)
print(handle.get_status().output == receipt)
print(checkout.via(client).retrieve(handle.workflow_id).get_result() == receipt)
print(checkout.via(client).list()[0].output == receipt)
print([line.sku for line in handle.read_stream("seen")])
assert "shop.workflows" not in sys.modules
"""
    )
    first = "Line(sku='a', speed=<Speed.SLOW: 'slow'>)"
    last = "Line(sku='b', speed=<Speed.SLOW: 'slow'>)"
    assert lines == [
        first,
        last,
        first,
        f"shop.models Receipt(lines=({first}, {last}), note='hello')",
        "True",
        "True",
        "True",
        "['a', 'b']",
    ]


@pytest.mark.slow
def test_coroutines_of_a_client_read_real_objects(shop: _Shop) -> None:
    lines = shop.run(
        """
async def main():
    handle = await later.via(client).enqueue("orders", Speed.SLOW)
    print(await handle.get_event("speed"))
    print(await handle.get_result())
    print((await handle.get_status()).output)

asyncio.run(main())
"""
    )
    result = "{'speed': (<Speed.SLOW: 'slow'>, 1)}"
    assert lines == ["Speed.SLOW", result, result]


@pytest.mark.slow
def test_a_result_whose_type_is_not_here_says_where_to_define_it(shop: _Shop) -> None:
    lines = shop.run(
        """
from dbos_typed import error
handle = inside.via(client).enqueue("orders")
try:
    handle.get_result()
except error.DBOSSerializationError as refused:
    print(refused.message)
print(handle.get_status().status, type(handle.get_status().output).__name__)
"""
    )
    assert lines == [
        _NOT_HERE,
        "SUCCESS UndecodableValue",
    ]
