"""Calls by name are compared with what the application registers, and queues with what the runtime accepts."""

from pathlib import Path

import pytest

from dbos_typed import Queue, SetEnqueueOptions
from tests.rules.contracts import CONFIG, assert_contract_findings, write_and_generate

_WORKFLOWS = """\
from dataclasses import dataclass
from datetime import datetime
from dbos_typed import DBOS, DBOSConfiguredInstance, Queue

orders = Queue("orders")


@dataclass
class Item:
    sku: str


@DBOS.workflow()
def checkout(order_id: str, items: list[Item], *, express: bool = False, due: datetime | None = None) -> str:
    return order_id


@DBOS.workflow(name="ship-it")
async def ship(order_id: str, weight: float = 1.0, /, *notes: str) -> None: ...


@DBOS.dbos_class()
class Shop(DBOSConfiguredInstance):
    @DBOS.workflow()
    def restock(self, sku: str) -> int:
        return 1

    @classmethod
    @DBOS.workflow()
    def audit(cls) -> int:
        return 1

    @staticmethod
    @DBOS.workflow()
    def count(sku: str) -> int:
        return 1
"""


def _project(body: str) -> dict[str, str]:
    use = f"from dbos_typed import DBOSClient, EnqueueOptions\n\nNAME = 'checkout'\n\n\n{body}"
    return {"shop/__init__.py": "", "shop/workflows.py": _WORKFLOWS, "shop/use.py": use}


def _check(folder: Path, body: str) -> list[str]:
    (folder / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    return [found.text for found in assert_contract_findings(folder, _project(body))]


def test_names_are_compared_with_the_registered_ones(tmp_path: Path) -> None:
    texts = _check(
        tmp_path,
        """\
async def run(client: DBOSClient) -> None:
    client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, "o", [])
    client.enqueue({"workflow_name": NAME, "queue_name": "orders"}, "o", [])
    client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
    client.enqueue({"workflow_name": "billing", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
    await client.enqueue_async({"workflow_name": "ship", "queue_name": "orders"}, "o")  # E: dbos-enqueue
    await client.enqueue_async({"workflow_name": "ship-it", "queue_name": "orders"}, "o")
    options = EnqueueOptions(workflow_name="Checkout", queue_name="orders")  # E: dbos-enqueue
    client.enqueue(options, "o", [])
    client.enqueue(
        {
            "queue_name": "ordrs",  # E: dbos-enqueue
            "workflow_name": "restock",  # E: dbos-enqueue
        },
        "o",
    )
""",
    )
    assert texts[0] == '`modules` of pyproject.toml registers no workflow "chekout"'
    assert 'the program makes no queue "ordrs", so nothing takes the workflow from it' in texts


def test_function_whose_workflow_has_another_name(tmp_path: Path) -> None:
    beside = """\
from dbos_typed import DBOSClient

def run(client: DBOSClient) -> None:
    client.enqueue({"workflow_name": "ship", "queue_name": "orders"}, "o")  # E: dbos-enqueue
    client.enqueue({"workflow_name": "ship", "queue_name": "videos"}, "o")
    client.enqueue({"workflow_name": "ship-it", "queue_name": "orders"}, "o")
"""
    (tmp_path / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    found = assert_contract_findings(tmp_path, {**_project(""), "front.py": f"import shop.workflows\n{beside}"})
    assert [each.hint for each in found] == ['did you mean "ship-it"?']


def test_clients_in_attributes_and_of_context_managers(tmp_path: Path) -> None:
    _check(
        tmp_path,
        """\
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager

class Service:
    def __init__(self, client: DBOSClient) -> None:
        self.client = client
        self.other = object()

    def run(self) -> None:
        self.client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
        self.client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, "o", [])
        self.other.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])

class Front:
    def __init__(self) -> None:
        self._client: DBOSClient | None = None

    def run(self) -> None:
        if self._client is not None:
            self._client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue

@contextmanager
def connected() -> Iterator[DBOSClient]:
    with DBOSClient("x") as client:
        yield client

@contextmanager
def generated() -> Generator[DBOSClient, None, None]:
    yield DBOSClient("x")

@asynccontextmanager
async def awaited() -> AsyncIterator[DBOSClient]:
    yield DBOSClient("x")

def run() -> None:
    with connected() as client, generated() as other:
        client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
        other.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue

async def arun() -> None:
    async with awaited() as client:
        await client.enqueue_async({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
""",
    )


def test_classes_go_by_the_names_they_are_registered_under(tmp_path: Path) -> None:
    workflows = _WORKFLOWS.replace("DBOS.dbos_class()", 'DBOS.dbos_class("store")')
    use = """\
from dbos_typed import DBOSClient

def run(client: DBOSClient, name: str) -> None:
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders", "class_name": "store"})
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders", "class_name": name})
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders", "class_name": "Shop"})  # E: dbos-enqueue
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders", "class_name": "stroe"})  # E: dbos-enqueue
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders", "class_name": "Branch"})
"""
    (tmp_path / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    files = {"shop/__init__.py": "", "shop/workflows.py": workflows, "shop/use.py": use}
    found = assert_contract_findings(tmp_path, files)
    assert found[0].text == 'workflow "Shop.audit" is registered with the class "store", and the options name "Shop"'


def test_workflows_of_another_application_are_its_own_affair(tmp_path: Path) -> None:
    _check(
        tmp_path,
        """\
def run(client: DBOSClient) -> None:
    client.enqueue({"workflow_name": "transcode", "queue_name": "videos"}, 1, 2, quality="high")
    client.enqueue({"workflow_name": "transcode", "queue_name": "orders"}, 1)  # E: dbos-enqueue
    client.enqueue({"workflow_name": "chekout", "queue_name": "videos"}, 1)  # E: dbos-enqueue
""",
    )


def test_arguments_are_bound_as_a_call_binds_them(tmp_path: Path) -> None:
    texts = _check(
        tmp_path,
        """\
def run(client: DBOSClient, rest: list[str], more: dict[str, bool]) -> None:
    options: EnqueueOptions = {"workflow_name": "checkout", "queue_name": "orders"}
    client.enqueue(options, "o", [{"sku": "a"}], express=True, due="2030-01-01T00:00:00")
    client.enqueue(options, order_id="o", items=[])
    client.enqueue(options, *rest)
    client.enqueue(options, "o", **more)
    client.enqueue(options, "o")  # E: dbos-enqueue
    client.enqueue(options, "o", [], True)  # E: dbos-enqueue
    client.enqueue(options, "o", [], expres=True)  # E: dbos-enqueue
    client.enqueue(options, "o", [], order_id="o")  # E: dbos-enqueue
    client.enqueue(options, 7, [])  # E: dbos-enqueue
    client.enqueue(options, None, [])  # E: dbos-enqueue
    client.enqueue(options, "o", {"sku": "a"})  # E: dbos-enqueue
    ship: EnqueueOptions = {"workflow_name": "ship-it", "queue_name": "orders"}
    client.enqueue(ship, "o", 2, "fragile", "heavy")
    client.enqueue(ship, order_id="o")  # E: dbos-enqueue
    client.enqueue(ship, "o", 2, 3)  # E: dbos-enqueue
""",
    )
    prefix = 'the arguments do not fit workflow "checkout": '
    assert [text.removeprefix(prefix) for text in texts[:7]] == [
        "`items` is missing",
        "it takes 2 arguments by position, and 3 are given",
        "it has no parameter `expres`",
        "`order_id` is given twice, by position and by name",
        "`order_id` is `str`, not `int`",
        "`order_id` is `str`, not `None`",
        "`items` is `list[Item]`, not `dict[str, str]`",
    ]


def test_methods_are_named_with_their_class_and_instance(tmp_path: Path) -> None:
    texts = _check(
        tmp_path,
        """\
def run(client: DBOSClient, instance: str) -> None:
    client.enqueue({"workflow_name": "Shop.restock", "queue_name": "orders"}, "a")  # E: dbos-enqueue
    client.enqueue(
        {"workflow_name": "Shop.restock", "queue_name": "orders", "class_name": "Shop", "config_name": instance}, "a"
    )
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders"})  # E: dbos-enqueue
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders", "class_name": "Shop"})
    client.enqueue({"workflow_name": "Shop.count", "queue_name": "orders"}, "a")
    client.enqueue({"workflow_name": "Shop.count", "queue_name": "q", "class_name": "Shop"}, "a")  # E: dbos-enqueue
""",
    )
    assert texts == [
        (
            'workflow "Shop.restock" is a method of a configured instance, and the options lack `class_name` and '
            "`config_name`"
        ),
        'workflow "Shop.audit" is a classmethod, and the options lack `class_name`',
        'workflow "Shop.count" is called on nothing, and the options name a `class_name`',
    ]


def test_what_is_not_certain_is_not_reported(tmp_path: Path) -> None:
    _check(
        tmp_path,
        """\
def run(client: DBOSClient, name: str, given: EnqueueOptions, other: object) -> None:
    client.enqueue(given, "o")
    client.enqueue({"workflow_name": name, "queue_name": "orders"}, "o")
    client.enqueue({"workflow_name": f"{name}", "queue_name": name}, "o")
    options: EnqueueOptions = {"workflow_name": "chekout", "queue_name": "orders"}
    options["workflow_name"] = name
    client.enqueue(options, 1)
    other.enqueue({"workflow_name": "chekout"}, 1)  # type: ignore[attr-defined]
    client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, 1)  # dbos: ignore[dbos-enqueue]
    client.list_workflows(name="billing")
""",
    )


def test_without_settings_only_what_is_surely_a_slip_is_reported(tmp_path: Path) -> None:
    use = """\
from dbos_typed import DBOSClient
from flows import checkout


def run(client: DBOSClient) -> None:
    client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
    client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, "o")  # E: dbos-enqueue
    client.enqueue({"workflow_name": "billing", "queue_name": "bills"}, "o")
    client.enqueue({"workflow_name": "checkout2", "queue_name": "orders2"}, "o")
    client.enqueue({"workflow_name": "checkouts", "queue_name": "orders"}, "o")
    client.list_workflows(name="cheskout")  # E: dbos-enqueue
"""
    files = {"flows.py": _WORKFLOWS, "use.py": use, "more.py": "def checkouts() -> None: ..."}
    assert_contract_findings(tmp_path, files)


def test_another_application_of_the_project_is_left_alone(tmp_path: Path) -> None:
    config = '[tool.dbos-gen]\nmodules = ["shop.workflows", "bank.workflows"]\noutput = "generated"\n'
    (tmp_path / "pyproject.toml").write_text(config, encoding="utf-8")
    body = """\
def run(client: DBOSClient) -> None:
    client.enqueue({"workflow_name": "transfer", "queue_name": "money"}, 1, 2, 3)
    client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
"""
    bank = "from dbos_typed import DBOS\n\n\n@DBOS.workflow()\ndef transfer(cents: int) -> None: ...\n"
    script = """\
from dbos_typed import DBOSClient


def run(client: DBOSClient) -> None:
    client.enqueue({"workflow_name": "somebody_elses", "queue_name": "q"}, 1)
    client.enqueue({"workflow_name": "transfer", "queue_name": "q"}, "much")
"""
    files = {**_project(body), "bank/__init__.py": "", "bank/workflows.py": bank, "script.py": script}
    assert_contract_findings(tmp_path, files)


def test_the_lock_file_speaks_for_workflows_that_are_elsewhere(tmp_path: Path) -> None:
    body = """\
def run(client: DBOSClient) -> None:
    client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, "o", [])
    client.enqueue({"workflow_name": "chekout", "queue_name": "orders"}, "o", [])  # E: dbos-enqueue
    client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, "o")  # E: dbos-enqueue
    client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, 1, [])  # E: dbos-enqueue
    client.enqueue({"workflow_name": "Shop.audit", "queue_name": "orders"})  # E: dbos-enqueue
"""
    files = _project(body)
    write_and_generate(tmp_path, files)
    (tmp_path / "shop" / "workflows.py").unlink()
    found = assert_contract_findings(tmp_path, {"shop/use.py": files["shop/use.py"]})
    assert found[0].text == 'workflows.lock.json registers no workflow "chekout"'


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('Queue("q", concurrency=0)', "`concurrency` of a queue is 0"),
        ('Queue("q", worker_concurrency=-1)', "`worker_concurrency` of a queue is -1"),
        ('Queue("q", 2, worker_concurrency=3)', "`worker_concurrency` of a queue (3) exceeds its `concurrency` (2)"),
        ('Queue("q", polling_interval_sec=0)', "`polling_interval_sec` of a queue is 0"),
        ('Queue("q", limiter={"limit": -1, "period": 1})', "the `limit` of a queue's `limiter` is -1"),
        ('Queue("q", limiter={"limit": 1, "period": -0.5})', "the `period` of a queue's `limiter` is -0.5"),
        ('Queue("q", limiter={"limit": 1})', "the `limiter` of a queue has no `period`"),
        ('Queue("")', "the name of a queue is empty"),
        ("SetEnqueueOptions(priority=0)", "`priority` of SetEnqueueOptions is 0"),
        ("SetEnqueueOptions(delay_seconds=-1)", "`delay_seconds` of SetEnqueueOptions is -1"),
        ('SetEnqueueOptions(deduplication_id="")', "`deduplication_id` of SetEnqueueOptions is empty"),
    ],
)
def test_options_that_the_runtime_refuses_are_found(tmp_path: Path, code: str, text: str) -> None:
    (found,) = assert_contract_findings(
        tmp_path, f"from dbos_typed import Queue, SetEnqueueOptions\n\n{code}  # E: dbos-enqueue\n"
    )
    assert found.text == text
    with pytest.raises((ValueError, TypeError)):
        eval(code, {"Queue": Queue, "SetEnqueueOptions": SetEnqueueOptions})  # noqa: S307  # a case of this test


@pytest.mark.parametrize(
    "code",
    [
        'Queue("q", 3, worker_concurrency=3, limiter={"limit": 1, "period": 0.5}, polling_interval_sec=0.1)',
        'Queue("q", None, worker_concurrency=3)',
        "Queue(input(), int(input()))",
        "SetEnqueueOptions(priority=1, delay_seconds=0, deduplication_id=None)",
        'Other("q", concurrency=0)',
    ],
)
def test_options_that_the_runtime_may_accept_are_not(tmp_path: Path, code: str) -> None:
    source = f"from dbos_typed import Queue, SetEnqueueOptions\n\n\nclass Other:\n    pass\n\n\n{code}\n"
    assert_contract_findings(tmp_path, source)


def test_what_is_put_on_a_queue_is_compared_with_its_options(tmp_path: Path) -> None:
    source = """\
        from dbos_typed import DBOS, Queue, SetEnqueueOptions

        plain = Queue("plain")
        ranked = Queue("ranked", priority_enabled=True)
        parted = Queue("parted", partition_queue=True)


        @DBOS.workflow()
        def work(n: int) -> None: ...


        def run(urgent: int | None, key: str | None) -> None:
            plain.enqueue(work, 1)
            ranked.enqueue(work, 1)
            with SetEnqueueOptions(priority=1):
                ranked.enqueue(work, 1)
                plain.enqueue(work, 1)  # E: dbos-enqueue
                parted.enqueue(work, 1)  # E: dbos-enqueue
            with SetEnqueueOptions(priority=urgent, queue_partition_key=key):
                plain.enqueue(work, 1)
                parted.enqueue(work, 1)
            with SetEnqueueOptions(queue_partition_key="a"):
                parted.enqueue(work, 1)
                plain.enqueue(work, 1)  # E: dbos-enqueue
            parted.enqueue(work, 1)
        """
    assert_contract_findings(tmp_path, source)


def test_a_partition_queue_needs_keys_somewhere(tmp_path: Path) -> None:
    source = """\
        from dbos_typed import DBOS, Queue

        parted = Queue("parted", partition_queue=True)


        @DBOS.workflow()
        def work(n: int) -> None: ...


        parted.enqueue(work, 1)  # E: dbos-enqueue
        """
    assert_contract_findings(tmp_path, source)
