"""Events, messages and streams are compared with what the workflow at the other end sets, receives and writes."""

from pathlib import Path

import pytest

from tests.rules.contracts import assert_contract_findings, write_and_generate

_WORKFLOWS = """\
from dataclasses import dataclass
from dbos_typed import DBOS, Event, Queue, SetWorkflowID, Topic, WorkflowHandle

PERCENT = Event[int]("percent")
CANCEL = Topic[bool]("cancel")


@dataclass
class Approval:
    by: str


class Refusal(Approval): ...


@DBOS.step()
def ship(order_id: str) -> str:
    DBOS.write_stream("lines", order_id)
    return order_id


def report(stage: str) -> None:
    DBOS.set_event("stage", stage)


@DBOS.workflow()
def checkout(order_id: str) -> str:
    DBOS.set_event(PERCENT, 0)
    report("shipping")
    approval: Approval | None = DBOS.recv("approval")
    cancelled = DBOS.recv(CANCEL, timeout_seconds=0)
    return "" if cancelled or approval is None else ship(order_id)


@DBOS.workflow()
def refund(order_id: str) -> str:
    note: str | None = DBOS.recv()
    return ship(order_id + (note or ""))


@DBOS.workflow()
async def bill(order_id: str) -> None:
    await DBOS.set_event_async("billed", order_id)


queue = Queue("orders")
"""


def _program(body: str) -> dict[str, str]:
    return {"flows.py": _WORKFLOWS, "app.py": f"from flows import *\nfrom dbos_typed import DBOSClient\n{body}"}


@pytest.mark.parametrize(
    "target",
    [
        'handle = DBOS.start_workflow(checkout, "o")\nwid = handle.workflow_id',
        'wid = DBOS.start_workflow(checkout, "o").get_workflow_id()',
        'wid = queue.enqueue(checkout, "o").workflow_id',
        'wid = DBOS.retrieve_workflow("x", workflow=checkout).workflow_id',
        'wid = "o-1"\nwith SetWorkflowID(wid):\n    checkout("o")',
        'wid = "o-1"\nwith SetWorkflowID("o-1"):\n    DBOS.start_workflow(checkout, "o")',
        'handles = [DBOS.start_workflow(checkout, o) for o in "abc"]\nwid = handles[0].workflow_id',
        'handles = []\nhandles.append(DBOS.start_workflow(checkout, "o"))\nfor h in handles:\n    wid = h.workflow_id',
        'def begin():\n    return DBOS.start_workflow(checkout, "o")\nwid = begin().workflow_id',
        (
            'client = DBOSClient("x")\nh = client.enqueue({"workflow_name": "checkout", "queue_name": "orders"}, "o")'
            "\nwid = h.workflow_id"
        ),
    ],
)
def test_a_key_that_the_target_lacks_is_found(tmp_path: Path, target: str) -> None:
    body = f'{target}\nDBOS.get_event(wid, "percent")\nDBOS.get_event(wid, "percnt")  # E: dbos-event\n'
    (found,) = assert_contract_findings(tmp_path, _program(body))
    assert found.text == 'workflow `checkout` never sets event "percnt"'
    assert found.hint == 'did you mean "percent"? it sets "percent", "stage"'
    assert [(note.path, note.text) for note in found.notes] == [("flows.py", "`checkout` is defined here")]


def test_every_operation_by_id_is_compared(tmp_path: Path) -> None:
    body = """
h = DBOS.start_workflow(checkout, "o")
DBOS.get_event(h.workflow_id, PERCENT)
DBOS.get_event(h.workflow_id, Event[int]("other"))  # E: dbos-event
DBOS.send(h.workflow_id, Approval("ann"), "approval")
DBOS.send(h.workflow_id, Refusal("ann"), topic="approval")
DBOS.send(h.workflow_id, None, topic="approval")
DBOS.send(h.workflow_id, "yes", topic="approval")  # E: dbos-topic
DBOS.send(h.workflow_id, Approval("ann"), "aproval")  # E: dbos-topic
DBOS.send(h.workflow_id, Approval("ann"))  # E: dbos-topic
DBOS.send(h.workflow_id, True, CANCEL)
DBOS.send(h.workflow_id, "now", CANCEL)  # E: dbos-topic
DBOS.read_stream(h.workflow_id, "lines")
DBOS.read_stream(h.workflow_id, "line")  # E: dbos-event
r = DBOS.start_workflow(refund, "o")
DBOS.send(r.workflow_id, "why")
DBOS.send(r.workflow_id, "why", "note")  # E: dbos-topic
DBOS.get_event(r.workflow_id, "percent")  # E: dbos-event
"""
    found = assert_contract_findings(tmp_path, _program(body))
    assert [each.text for each in found] == [
        'workflow `checkout` never sets event "other"',
        'workflow `checkout` takes messages of topic "approval" to be `Approval`, not `str`',
        'workflow `checkout` never receives from topic "aproval"',
        "workflow `checkout` never receives messages without a topic",
        'workflow `checkout` takes messages of topic "cancel" to be `bool`, not `str`',
        'workflow `checkout` never writes stream "line"',
        'workflow `refund` never receives from topic "note"',
        'workflow `refund` never sets event "percent"',
    ]


def test_coroutines_and_clients_are_compared(tmp_path: Path) -> None:
    body = """
async def main(client: DBOSClient) -> None:
    h = await DBOS.start_workflow_async(bill, "o")
    await DBOS.get_event_async(h.workflow_id, "billed")
    await DBOS.get_event_async(h.workflow_id, "bill")  # E: dbos-event
    await DBOS.send_async(h.workflow_id, 1, "x")  # E: dbos-topic
    wrong: int | None = await DBOS.get_event_async(h.workflow_id, "billed")  # E: dbos-event
    client.get_event(h.workflow_id, "bill")  # E: dbos-event
    await client.send_async(h.workflow_id, 1, topic="x")  # E: dbos-topic


def remote(order_id: str) -> str | None:
    with DBOSClient("sqlite:///x") as client:
        client.enqueue({"workflow_name": "checkout", "queue_name": "orders", "workflow_id": f"o-{order_id}"}, order_id)
        client.get_event(f"o-{order_id}", "percnt")  # E: dbos-event
        return client.get_event(f"o-{order_id}", "stage")
"""
    assert_contract_findings(tmp_path, _program(body))


def test_what_a_reader_takes_a_value_to_be_is_compared(tmp_path: Path) -> None:
    body = """
h = DBOS.start_workflow(checkout, "o")
right: int | None = DBOS.get_event(h.workflow_id, "percent")
wider: float | None = DBOS.get_event(h.workflow_id, "percent")
either: int | str | None = DBOS.get_event(h.workflow_id, "percent")
wrong: str | None = DBOS.get_event(h.workflow_id, "percent")  # E: dbos-event
DBOS.get_event(h.workflow_id, Event[str]("percent"))  # E: dbos-event


def stage() -> int | None:
    return DBOS.get_event(h.workflow_id, "stage")  # E: dbos-event
"""
    found = assert_contract_findings(tmp_path, _program(body))
    assert found[0].text == 'event "percent" of workflow `checkout` is `int`, not `str`'


def test_a_workflow_knows_its_own_id(tmp_path: Path) -> None:
    source = """\
        from dbos_typed import DBOS


        @DBOS.workflow()
        def checkout() -> None:
            DBOS.set_event("progress", 1)
            DBOS.get_event(str(DBOS.workflow_id), "progess")  # E: dbos-event


        def helper() -> None:
            DBOS.get_event(str(DBOS.workflow_id), "progess")
        """
    assert_contract_findings(tmp_path, source)


@pytest.mark.parametrize(
    "body",
    [
        # The target is not known.
        'def f(wid: str) -> None:\n    DBOS.get_event(wid, "nothing")',
        'h = DBOS.start_workflow(checkout if input() else refund, "o")\nDBOS.get_event(h.workflow_id, "x")',
        (
            'h = DBOS.start_workflow(checkout, "o")\nif input():\n    h = DBOS.start_workflow(refund, "o")\n'
            'DBOS.get_event(h.workflow_id, "x")'
        ),
        (
            'handles = [DBOS.start_workflow(checkout, "o")]\nhandles.append(DBOS.start_workflow(refund, "o"))\n'
            'for h in handles:\n    DBOS.get_event(h.workflow_id, "x")'
        ),
        'with SetWorkflowID("a"):\n    bill("")\nwith SetWorkflowID("a"):\n    refund("")\nDBOS.get_event("a", "x")',
        'def f(h: WorkflowHandle[str]) -> None:\n    DBOS.get_event(h.workflow_id, "x")',
        # The key or the type of the message is not known.
        'h = DBOS.start_workflow(checkout, "o")\nDBOS.get_event(h.workflow_id, input())',
        'h = DBOS.start_workflow(checkout, "o")\nfor k in ("a", "b"):\n    DBOS.get_event(h.workflow_id, k)',
        (
            'def f(answer: object) -> None:\n    h = DBOS.start_workflow(checkout, "o")\n'
            '    DBOS.send(h.workflow_id, answer, "approval")'
        ),
        (
            'h = DBOS.start_workflow(checkout, "o")\nanswer = "x"\nfor answer in [Approval("a")]:\n'
            '    DBOS.send(h.workflow_id, answer, "approval")'
        ),
    ],
)
def test_what_is_not_certain_is_not_reported(tmp_path: Path, body: str) -> None:
    assert_contract_findings(tmp_path, _program(body))


_DOUBTFUL = """\
import functools
from typing import Any
import elsewhere
from dbos_typed import DBOS


class Reporter:
    def report(self, text: str) -> None:
        DBOS.set_event("late", text)


class Quiet:
    def report(self, text: str) -> None: ...


class Loud(Quiet):
    def report(self, text: str) -> None:
        DBOS.set_event("late", text)


def set_late(text: str) -> None:
    DBOS.set_event("late", text)


def service(text: str) -> Any: ...


HANDLERS = {"a": set_late}


@DBOS.workflow()
def checkout(order_id: str) -> None:
    DBOS.set_event("progress", 1)
    MORE


h = DBOS.start_workflow(checkout, "o")
DBOS.get_event(h.workflow_id, "late")
"""


@pytest.mark.parametrize(
    "more",
    [
        "key = input()\n    DBOS.set_event(key, 1)",
        'getattr(DBOS, "set_event")("late", 1)',
        'functools.partial(DBOS.set_event, "late")(1)',
        "HANDLERS[order_id](order_id)",
        "for handler in HANDLERS.values():\n        handler(order_id)",
        "elsewhere.publish(order_id)",
        "Reporter().report(order_id)",
        "service(order_id).report(order_id)",
        "Quiet().report(order_id)",
        'publish = DBOS.set_event\n    publish("late", 1)',
        '[DBOS.set_event("late", n) for n in range(3)]',
        "list(map(set_late, [order_id]))",
    ],
)
def test_a_workflow_that_may_do_more_is_given_the_benefit_of_the_doubt(tmp_path: Path, more: str) -> None:
    assert_contract_findings(tmp_path, _DOUBTFUL.replace("MORE", more))


@pytest.mark.parametrize("more", ["order_id.upper()", "print(sorted([order_id], key=str))", "set(order_id)"])
def test_a_workflow_that_surely_does_no_more_is_not(tmp_path: Path, more: str) -> None:
    marked = _DOUBTFUL.replace("MORE", more).replace('"late")\n', '"late")  # E: dbos-event\n')
    last = marked.rindex("DBOS.get_event")
    before = marked[:last].replace("  # E: dbos-event", "")
    assert_contract_findings(tmp_path, before + marked[last:])


def test_helpers_in_other_modules_count(tmp_path: Path) -> None:
    files = {
        "helpers.py": """\
            from dbos_typed import DBOS

            KEY = "halfway"


            def half() -> None:
                DBOS.set_event(KEY, True)
            """,
        "app.py": """\
            import helpers as h
            from dbos_typed import DBOS


            def indirectly() -> None:
                h.half()


            @DBOS.workflow()
            def run() -> None:
                indirectly()


            handle = DBOS.start_workflow(run)
            DBOS.get_event(handle.workflow_id, "halfway")
            DBOS.get_event(handle.workflow_id, h.KEY)
            DBOS.get_event(handle.workflow_id, "half")  # E: dbos-event
            """,
    }
    assert_contract_findings(tmp_path, files)


def test_a_workflow_that_does_nothing_is_a_placeholder(tmp_path: Path) -> None:
    source = """\
        from dbos_typed import DBOS


        @DBOS.workflow()
        def later(n: int) -> int:
            return n + 1


        handle = DBOS.start_workflow(later, 1)
        DBOS.send(handle.workflow_id, 1)
        DBOS.get_event(handle.workflow_id, "x")
        """
    assert_contract_findings(tmp_path, source)


def test_a_finding_is_silenced_on_its_line(tmp_path: Path) -> None:
    body = 'h = DBOS.start_workflow(checkout, "o")\nDBOS.get_event(h.workflow_id, "x")  # dbos: ignore[dbos-event]\n'
    assert_contract_findings(tmp_path, _program(body))


def test_generated_handles_are_compared(tmp_path: Path) -> None:
    workflows = f"{_WORKFLOWS}\n"
    use = """\
from dbos_typed import DBOS, DBOSClient
from shop.generated.workflows import CheckoutHandle, checkout


def start() -> None:
    handle = checkout.start("o")
    handle.get_event("percent")
    handle.get_event("percnt")  # E: dbos-event
    handle.send("now", topic="cancel")  # E: dbos-topic
    checkout.retrieve("x").get_event("percnt")  # E: dbos-event
    DBOS.get_event(checkout.retrieve("x").workflow_id, "percnt")  # E: dbos-event


def watch(handle: CheckoutHandle, client: DBOSClient) -> None:
    handle.get_event("percnt")  # E: dbos-event
    checkout.via(client).enqueue("orders", "o").get_event("percnt")  # E: dbos-event
"""
    files = {"shop/__init__.py": "", "shop/workflows.py": workflows, "shop/use.py": use}
    write_and_generate(tmp_path, files)
    assert_contract_findings(tmp_path, files)


def test_generated_handles_say_what_there_is_where_the_workflow_is_not(tmp_path: Path) -> None:
    use = """\
from shop.generated.workflows import checkout

handle = checkout.retrieve("x")
handle.get_event("percent")
handle.get_event("percnt")  # E: dbos-event
"""
    files = {"shop/__init__.py": "", "shop/workflows.py": _WORKFLOWS, "shop/use.py": use}
    write_and_generate(tmp_path, files)
    (tmp_path / "shop" / "workflows.py").unlink()
    assert_contract_findings(tmp_path, {"shop/__init__.py": "", "shop/use.py": use})
