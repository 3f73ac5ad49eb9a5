"""Programs as people write them have no findings, and no program is too strange to look at."""

from pathlib import Path

import pytest

from dbos_gen.check.checker import Checker
from dbos_gen.check.selection import modules_below
from dbos_gen.program.program import Program
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.findings import Finding
from tests.rules.programs import findings

_ROOT = Path(__file__).parents[2]

ORDERS = {
    "shop/__init__.py": "",
    "shop/models.py": """\
        from dataclasses import dataclass, field
        from enum import Enum


        class State(Enum):
            OPEN = "open"
            PAID = "paid"


        @dataclass(frozen=True)
        class Item:
            sku: str
            cents: int
            tags: frozenset[str] = field(default_factory=frozenset)

            @property
            def net(self) -> float:
                return self.cents / 1.19


        @dataclass
        class Order:
            id: str
            items: list[Item] = field(default_factory=list)
            state: State = State.OPEN

            def total(self) -> int:
                return sum(item.cents for item in self.items)
        """,
    "shop/clock.py": """\
        from datetime import UTC, datetime
        from dbos_typed import DBOS


        @DBOS.step()
        def now() -> datetime:
            return datetime.now(UTC)
        """,
    "shop/payments.py": """\
        import logging
        import os
        import time
        import uuid

        import httpx
        from dbos_typed import DBOS, DBOSConfiguredInstance

        logger = logging.getLogger(__name__)
        URL = os.environ.get("PAYMENTS_URL", "https://example.org")
        _client: httpx.Client | None = None


        def client() -> httpx.Client:
            global _client
            if _client is None:
                _client = httpx.Client(base_url=URL)
            return _client


        class DeclinedError(Exception):
            pass


        class Payments(DBOSConfiguredInstance):
            def __init__(self, name: str, retries: int = 3) -> None:
                super().__init__(name)
                self.retries = retries
                self.started = time.monotonic()

            @DBOS.step(retries_allowed=True, max_attempts=5)
            def charge(self, order_id: str, cents: int) -> str:
                response = client().post("/charge", json={"order": order_id, "cents": cents, "key": str(uuid.uuid4())})
                if response.status_code == 402:
                    raise DeclinedError(order_id)
                logger.info("charged %s after %s s", order_id, time.monotonic() - self.started)
                return str(response.json()["id"])

            @DBOS.step()
            def refund(self, payment: str) -> None:
                client().delete(f"/charge/{payment}")

            @DBOS.workflow()
            def pay(self, order_id: str, cents: int) -> str:
                try:
                    return self.charge(order_id, cents)
                except DeclinedError:
                    logger.warning("declined %s", order_id)
                    raise
        """,
    "shop/flows.py": """\
        from __future__ import annotations

        import logging
        from datetime import timedelta

        from sqlalchemy import text
        from dbos_typed import DBOS, Event, Queue, SetWorkflowID, Topic
        from shop import clock
        from shop.models import Item, Order, State
        from shop.payments import Payments

        logger = logging.getLogger(__name__)
        queue = Queue("orders", concurrency=5)
        PROGRESS = Event[int]("progress")
        APPROVAL = Topic[bool]("approval")
        REGISTRY: dict[str, object] = {}


        def registered(name: str):
            def decorate(function):
                REGISTRY[name] = function
                return function

            return decorate


        def publish(percent: int) -> None:
            DBOS.set_event(PROGRESS, percent)


        def split(items: list[Item], size: int) -> list[list[Item]]:
            return [items[start : start + size] for start in range(0, len(items), size)]


        @DBOS.transaction()
        def store(order: Order) -> None:
            session = DBOS.sql_session
            with session.begin_nested():
                values = {"id": order.id, "cents": order.total()}
                session.execute(text("INSERT INTO orders VALUES (:id, :cents)"), values)


        @DBOS.step()
        def pack(batch: list[Item]) -> str:
            with open("/tmp/labels", "a") as labels:
                labels.writelines(item.sku for item in batch)
            return "-".join(sorted({item.sku for item in batch}))


        @registered("ship")
        @DBOS.workflow()
        def ship(order: Order) -> list[str]:
            return [pack(batch) for batch in split(order.items, 10)]


        @DBOS.workflow()
        def checkout(order: Order, payments: Payments) -> Order:
            publish(0)
            placed = clock.now()
            if not DBOS.recv(APPROVAL, timeout_seconds=60):
                return order
            unique = {item.sku for item in order.items}
            if "gift" in unique:
                publish(10)
            payment = payments.pay(order.id, order.total())
            order.state = State.PAID
            store(order)
            with SetWorkflowID(f"ship-{order.id}"):
                handle = DBOS.start_workflow(ship, order)
            for label in handle.get_result():
                logger.info("%s %s %s", label, payment, placed + timedelta(days=1))
            DBOS.sleep(3)
            publish(100)
            return order


        @DBOS.scheduled("0 * * * *")
        @DBOS.workflow()
        def sweep(scheduled: object, actual: object) -> int:
            handles = [queue.enqueue(ship, Order(id=f"o-{number}")) for number in range(3)]
            return sum(len(handle.get_result()) for handle in handles)
        """,
    "shop/app.py": """\
        import argparse
        import os
        import sys
        import time

        from fastapi import FastAPI
        from dbos_typed import DBOS, SetWorkflowID
        from shop.flows import APPROVAL, PROGRESS, checkout
        from shop.models import Order
        from shop.payments import Payments

        app = FastAPI()
        payments = Payments("main")


        @app.post("/orders/{order_id}")
        def create(order_id: str) -> str:
            with SetWorkflowID(order_id):
                return DBOS.start_workflow(checkout, Order(order_id), payments).workflow_id


        @app.get("/orders/{order_id}")
        async def progress(order_id: str) -> int | None:
            return await DBOS.get_event_async(order_id, PROGRESS, 0)


        @app.post("/orders/{order_id}/approve")
        def approve(order_id: str) -> None:
            DBOS.send(order_id, True, APPROVAL)
            time.sleep(0.1)


        def main() -> int:
            parser = argparse.ArgumentParser()
            parser.add_argument("order")
            order = Order(parser.parse_args(sys.argv[1:]).order)
            DBOS(config={"name": "shop", "database_url": os.environ["DATABASE_URL"]})
            DBOS.launch()
            try:
                print(DBOS.start_workflow(checkout, order, payments).get_result().total())
                checkout(order, payments)
            finally:
                DBOS.destroy()
            return 0


        if __name__ == "__main__":
            sys.exit(main())
        """,
}

AGENT = {
    "agent.py": """\
        import asyncio
        import contextlib
        import functools
        import json
        import random
        from collections.abc import AsyncIterator, Awaitable, Callable
        from typing import Any, Protocol

        import openai
        from dbos_typed import DBOS, Queue
        from pydantic import BaseModel, Field

        client = openai.AsyncOpenAI()
        queue = Queue("agents")


        class Message(BaseModel):
            role: str
            content: str
            meta: dict[str, str] = Field(default_factory=dict)


        class Tool(Protocol):
            async def __call__(self, argument: str) -> str: ...


        def logged(function: Callable[..., Awaitable[str]]) -> Callable[..., Awaitable[str]]:
            @functools.wraps(function)
            async def wrapper(*args: Any) -> str:
                print("calling", function.__name__)
                return await function(*args)

            return wrapper


        @DBOS.step(retries_allowed=True)
        async def complete(messages: list[Message]) -> Message:
            await asyncio.sleep(random.random())
            answer = await client.chat.completions.create(model="x", messages=[m.model_dump() for m in messages])
            return Message(role="assistant", content=answer.choices[0].message.content or "")


        @logged
        @DBOS.step()
        async def search(query: str) -> str:
            process = await asyncio.create_subprocess_exec("grep", query)
            return str(await asyncio.wait_for(process.wait(), 10))


        @contextlib.asynccontextmanager
        async def announced(name: str) -> AsyncIterator[None]:
            await DBOS.set_event_async("state", name)
            yield
            await DBOS.set_event_async("state", "idle")


        TOOLS: dict[str, Tool] = {"search": search}


        @DBOS.workflow()
        async def research(topic: str) -> str:
            messages = [Message(role="user", content=topic)]
            async with announced("thinking"):
                for _ in range(5):
                    answer = await complete(messages)
                    messages.append(answer)
                    with contextlib.suppress(ValueError):
                        call = json.loads(answer.content)
                        messages.append(Message(role="tool", content=await TOOLS[call["tool"]](call["argument"])))
            return messages[-1].content


        @DBOS.workflow()
        async def survey(topics: set[str]) -> dict[str, str]:
            handles = {topic: await DBOS.start_workflow_async(research, topic) for topic in sorted(topics)}
            found = {topic: await handle.get_result() for topic, handle in handles.items()}
            extra = await asyncio.gather(*(complete([Message(role="user", content=topic)]) for topic in sorted(topics)))
            await DBOS.sleep_async(1)
            note = await DBOS.recv_async("note", 0)
            later = await queue.enqueue_async(research, str(note))
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(complete(list(extra))) for _ in range(2)]
            return found | {"last": await later.get_result(), "first": tasks[0].result().content}
        """,
}


@pytest.mark.parametrize("program", [ORDERS, AGENT], ids=["orders", "agent"])
def test_a_realistic_program_has_no_findings(program: dict[str, str], tmp_path: Path) -> None:
    found = [finding for finding in findings(tmp_path, program) if finding.code != "dbos-serializable"]
    assert found == []


def _check(root: Path, names: list[str]) -> list[Finding]:
    project = Project(root, base=root, diagnostics=Diagnostics())
    checker = Checker(Program(project, modules=lambda: names))
    return [finding for name in names for finding in checker.check(name)]


def test_the_examples_have_no_findings_but_the_planted_ones() -> None:
    folder = _ROOT / "examples" / "orders"
    found = _check(folder, [name for name, _ in modules_below(folder)])
    assert {finding.path for finding in found} <= {"mistakes.py"}


def test_ordinary_code_of_others_has_no_findings() -> None:
    root = Path(pytest.__file__).parents[1]
    names = [
        name for package in ("click", "attr", "jinja2", "flask") for name, _ in modules_below(root / package, package)
    ]
    assert len(names) > 50
    assert _check(root, names) == []


def test_strange_code_is_looked_at_without_a_crash(tmp_path: Path) -> None:
    deep = "x = " + "(" * 80 + "1" + ")" * 80
    chained = "value" + ".a" * 3000
    added = " + ".join(["1"] * 3000)
    files = {
        "broken.py": "def f(:\n",
        "empty.py": "",
        "star.py": "from star import *\nfrom broken import *\nfrom missing import *\n",
        "mutual_a.py": "from mutual_b import name\n",
        "mutual_b.py": "from mutual_a import name\n",
        "own.py": "import own\nown = own.own\nclass A(A): pass\nclass B(own.B): x = x\n",
        "deep.py": f"from dbos_typed import DBOS\n{deep}\nvalue = 1\n@DBOS.workflow()\ndef f():\n    y = {chained}()\n"
        f"    return {added}\n",
        "odd.py": "from dbos_typed import DBOS\n@DBOS.workflow\ndef f(self): return super().x()\n"
        "@DBOS.workflow()()\ndef g(): pass\n@(lambda f: f)\ndef h(): yield\n@DBOS.step()\nclass C: pass\n"
        "f = g = h\n(f := f)\nDBOS.start_workflow()\nDBOS.start_workflow(*f)\nglobal z\n",
    }
    found = findings(tmp_path, files)
    assert [finding for finding in found if finding.path != "odd.py"] == []
