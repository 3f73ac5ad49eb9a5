import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing

import pytest
from opentelemetry.trace import StatusCode

from dbos_typed import DBOS, DBOSClient, DBOSContextSetAuth, Queue, SetWorkflowID
from dbos_typed.api.registration import tracer
from dbos_typed.error import DBOSAwaitedWorkflowCancelledError, DBOSMaxStepRetriesExceeded
from tests.integrations.conftest import PATIENCE_SECONDS, Spans, make_pending

pytestmark = pytest.mark.usefixtures("launched")


def test_steps_are_children_of_their_workflow(spans: Spans) -> None:
    @DBOS.step()
    def charge() -> None:
        pass

    @DBOS.transaction()
    def book() -> None:
        pass

    @DBOS.workflow()
    def checkout() -> None:
        charge()
        book()

    checkout()

    assert spans.names() == ["charge", "book", "checkout"]
    assert spans.parent("charge") == "checkout"
    assert spans.parent("book") == "checkout"
    assert spans.parent("checkout") is None


def test_coroutine_steps_are_children_of_their_workflow(spans: Spans) -> None:
    @DBOS.step()
    async def charge(amount: int) -> int:
        await asyncio.sleep(0)
        DBOS.span.set_attribute("amount", amount)
        return amount

    @DBOS.workflow()
    async def checkout() -> list[int]:
        return list(await asyncio.gather(charge(1), charge(2)))

    assert asyncio.run(checkout()) == [1, 2]

    assert sorted(spans.names()) == ["charge", "charge", "checkout"]
    charges = [span for span in spans.all() if span.name == "charge"]
    assert {(span.attributes or {})["amount"] for span in charges} == {1, 2}
    assert {span.parent and span.parent.span_id for span in charges} == {spans.named("checkout").context.span_id}


def test_spans_say_what_ran_where_and_for_whom(spans: Spans) -> None:
    @DBOS.step()
    def charge() -> None:
        pass

    @DBOS.required_roles(["admin"])
    @DBOS.workflow(name="shop.checkout")
    def checkout() -> None:
        charge()

    with SetWorkflowID("w"), DBOSContextSetAuth("ann", ["user", "admin"]):
        checkout()

    assert spans.attributes("shop.checkout") == {
        "operationUUID": "w",
        "operationType": "workflow",
        "operationName": "shop.checkout",
        "applicationVersion": "1",
        "executorID": "here",
        "authenticatedUser": "ann",
        "authenticatedUserRoles": '["user", "admin"]',
        "authenticatedUserAssumedRole": "admin",
    }
    step = spans.attributes("charge")
    assert (step["operationType"], step["operationUUID"], step["authenticatedUser"]) == ("step", "w", "ann")


def test_a_step_outside_workflows_has_a_span(spans: Spans) -> None:
    @DBOS.step()
    def charge() -> str:
        return "paid"

    assert charge() == "paid"
    assert spans.attributes("charge") == {
        "operationType": "step",
        "operationName": charge.__qualname__,
        "applicationVersion": "1",
        "executorID": "here",
    }


def test_a_step_needs_no_engine_even_when_traced(spans: Spans) -> None:
    DBOS.destroy()

    @DBOS.step()
    def charge() -> str:
        return "paid"

    assert charge() == "paid"
    assert spans.names() == []


def test_operations_have_spans(spans: Spans) -> None:
    @DBOS.workflow()
    def child() -> str:
        return "done"

    @DBOS.workflow()
    def parent() -> None:
        DBOS.set_event("key", 1)
        DBOS.send(DBOS.workflow_id, "hello")
        DBOS.recv()
        DBOS.sleep(0.001)
        DBOS.start_workflow(child).get_result()
        DBOS.get_event(DBOS.workflow_id, "key")
        DBOS.list_workflows()

    parent()

    operations = [name for name in spans.names() if name.startswith("DBOS.")]
    assert operations == [
        "DBOS.setEvent",
        "DBOS.send",
        "DBOS.recv",
        "DBOS.sleep",
        "DBOS.startWorkflow",
        "DBOS.getResult",
        "DBOS.getEvent",
        "DBOS.listWorkflows",
    ]
    assert {spans.parent(name) for name in operations} == {"parent"}
    assert spans.parent("child") == "parent"


@pytest.mark.parametrize("starts", ["start", "start_async", "enqueue", "call"])
def test_trace_goes_on_in_started_workflows(spans: Spans, starts: str) -> None:
    queue = Queue("shipping")

    @DBOS.workflow()
    def ship() -> None:
        pass

    @DBOS.workflow()
    async def ship_async() -> None:
        pass

    async def start_async() -> None:
        await (await DBOS.start_workflow_async(ship_async)).get_result(PATIENCE_SECONDS)

    with spans.provider.get_tracer("shop").start_as_current_span("button"):
        if starts == "start":
            DBOS.start_workflow(ship).get_result(PATIENCE_SECONDS)
        elif starts == "start_async":
            asyncio.run(start_async())
        elif starts == "enqueue":
            queue.enqueue(ship).get_result(PATIENCE_SECONDS)
        else:
            ship()

    name = "ship_async" if starts == "start_async" else "ship"
    spans.wait_for(name)
    spans.wait_for("button")
    assert spans.parent(name) == "button"


def test_trace_goes_on_in_what_a_client_enqueues(spans: Spans, sqlite_database_url: str) -> None:
    Queue("shipping")

    @DBOS.workflow(name="ship")
    def ship() -> None:
        pass

    with DBOSClient(sqlite_database_url) as client, spans.provider.get_tracer("shop").start_as_current_span("button"):
        client.enqueue({"queue_name": "shipping", "workflow_name": "ship"})

    spans.wait_for("ship")
    assert spans.parent("ship") == "button"


def test_recovered_workflow_continues_its_trace(
    spans: Spans, launch: Callable[..., None], sqlite_database_url: str
) -> None:
    @DBOS.step()
    def charge() -> None:
        pass

    @DBOS.workflow()
    def checkout() -> str:
        charge()
        return "done"

    with spans.provider.get_tracer("shop").start_as_current_span("button"), SetWorkflowID("w"):
        checkout()
    DBOS.destroy()
    make_pending(sqlite_database_url)
    first = spans.named("checkout")
    spans.clear()
    launch()
    assert DBOS.retrieve_workflow("w").get_result(PATIENCE_SECONDS) == "done"

    spans.wait_for("checkout")
    again = spans.named("checkout")
    assert again.context.trace_id == first.context.trace_id
    assert again.parent is not None
    assert first.parent is not None
    assert again.parent.span_id == first.parent.span_id
    # The step was answered from its record: nothing ran.
    assert "charge" not in spans.names()


@pytest.mark.parametrize("stored", ["broken", "[1]", '{"traceparent": 5}', "null"])
def test_a_stored_position_that_cannot_be_read_begins_a_new_trace(
    spans: Spans, launch: Callable[..., None], sqlite_database_url: str, stored: str
) -> None:
    @DBOS.workflow()
    def checkout() -> str:
        return "done"

    with SetWorkflowID("w"):
        checkout()
    DBOS.destroy()
    make_pending(sqlite_database_url)
    with closing(sqlite3.connect(sqlite_database_url.removeprefix("sqlite:///"))) as database, database:
        database.execute("UPDATE dbos_workflows SET trace_context = ?", (stored,))
    spans.clear()
    launch()
    assert DBOS.retrieve_workflow("w").get_result(PATIENCE_SECONDS) == "done"
    spans.wait_for("checkout")
    assert spans.named("checkout").parent is None


def test_errors_are_recorded_on_their_spans(spans: Spans) -> None:
    @DBOS.step()
    def charge() -> None:
        raise ValueError("no funds")

    @DBOS.workflow()
    def checkout() -> None:
        charge()

    with pytest.raises(ValueError, match="no funds"):
        checkout()

    for name in ("charge", "checkout"):
        span = spans.named(name)
        assert span.status.status_code is StatusCode.ERROR
        assert span.status.description == "ValueError: no funds"
        assert [event.name for event in span.events] == ["exception"]


def test_failed_attempts_are_events_of_the_step(spans: Spans) -> None:
    @DBOS.step(retries_allowed=True, max_attempts=2, interval_seconds=0)
    def charge() -> None:
        raise ValueError("no funds")

    @DBOS.workflow()
    def checkout() -> None:
        charge()

    with pytest.raises(DBOSMaxStepRetriesExceeded):
        checkout()

    events = [event for event in spans.named("charge").events if event.name == "attempt failed"]
    assert [dict(event.attributes or {}) for event in events] == [
        {"attempt": 1, "error": "ValueError('no funds')"},
        {"attempt": 2, "error": "ValueError('no funds')"},
    ]


def test_cancelled_workflow_has_an_error(spans: Spans) -> None:
    @DBOS.workflow()
    def patient() -> None:
        DBOS.recv(timeout_seconds=PATIENCE_SECONDS)

    handle = DBOS.start_workflow(patient)
    DBOS.cancel_workflow(handle.workflow_id)
    with pytest.raises(DBOSAwaitedWorkflowCancelledError):
        handle.get_result(PATIENCE_SECONDS)

    spans.wait_for("patient")
    assert spans.named("patient").status.status_code is StatusCode.ERROR


def test_span_variable_is_the_span_of_the_engine(spans: Spans) -> None:
    @DBOS.workflow()
    def checkout() -> None:
        with spans.provider.get_tracer("shop").start_as_current_span("detail"):
            DBOS.span.set_attribute("basket", 3)

    checkout()

    assert spans.attributes("checkout")["basket"] == 3
    assert spans.parent("detail") == "checkout"


def test_without_provider_nothing_is_traced() -> None:
    @DBOS.workflow()
    def checkout() -> bool:
        DBOS.span.set_attribute("basket", 3)
        DBOS.span.record_exception(ValueError("no funds"))
        return DBOS.span.is_recording()

    assert not tracer.is_active
    assert checkout() is False
    assert DBOS.get_workflow_status("nothing") is None


def test_opentelemetry_is_imported_by_the_application_alone(sqlite_database_url: str) -> None:
    script = f"""
import sys
from dbos_typed import DBOS
@DBOS.workflow()
def checkout(): DBOS.span.set_attribute("basket", 3)
DBOS(config={{"name": "shop", "database_url": {sqlite_database_url + "2"!r}}})
DBOS.launch()
checkout()
DBOS.destroy()
import json
print(json.dumps([name for name in sys.modules if name.split(".")[0] in ("opentelemetry", "flask", "starlette")]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
