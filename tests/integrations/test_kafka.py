import threading
from collections.abc import Callable
from typing import Any

import pytest

from dbos_typed import DBOS, KafkaMessage
from dbos_typed.error import DBOSInitializationError, DBOSWorkflowFunctionNotFoundError
from dbos_typed.integrations import kafka
from dbos_typed.runtime.services import supervision
from tests.integrations.broker import Broker, Fault
from tests.integrations.conftest import PATIENCE_SECONDS

CONFIG = {"bootstrap.servers": "nowhere", "group.id": "shop"}


class Seen:
    """What workflows were called with."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.values: list[Any] = []

    def add(self, value: object) -> None:
        with self._changed:
            self.values.append(value)
            self._changed.notify_all()

    def wait_for(self, count: int) -> list[Any]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.values) >= count, PATIENCE_SECONDS), self.values
            return list(self.values)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(kafka, "POLL_SECONDS", 0.01)
    return Broker()


@pytest.fixture
def seen() -> Seen:
    return Seen()


def _until(broker: Broker, condition: Callable[[], bool]) -> None:
    with broker.changed:
        assert broker.changed.wait_for(condition, PATIENCE_SECONDS)


def test_every_message_starts_one_workflow(broker: Broker, seen: Seen, launch: Callable[..., None]) -> None:
    @DBOS.kafka_consumer(CONFIG, ["orders"], make_consumer=broker.consumer)
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        seen.add((DBOS.workflow_id, message))

    broker.produce("orders", b"a", partition=3)
    launch()
    broker.produce("orders", b"b")

    found = dict(seen.wait_for(2))
    assert found["kafka-unique-id-orders-3-shop-00000000000000000000"] == KafkaMessage(
        headers=[("source", b"test"), ("nothing", None)],
        key=b"key 0",
        leader_epoch=7,
        offset=0,
        partition=3,
        timestamp=(1, 1_700_000_000_000),
        topic="orders",
        value=b"a",
    )
    assert found["kafka-unique-id-orders-0-shop-00000000000000000000"].value == b"b"


def test_coroutine_workflows_consume(broker: Broker, seen: Seen, launched: None) -> None:
    @DBOS.kafka_consumer(CONFIG, ["^ord.*"], make_consumer=broker.consumer)
    @DBOS.workflow()
    async def process(message: KafkaMessage) -> None:
        seen.add(message.value)

    broker.produce("orders", b"a")
    broker.produce("other", b"b")
    assert seen.wait_for(1) == [b"a"]


def test_message_that_is_delivered_again_starts_nothing(
    broker: Broker, seen: Seen, launch: Callable[..., None]
) -> None:
    @DBOS.kafka_consumer(CONFIG, ["orders"], make_consumer=broker.consumer)
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        seen.add(message.value)

    launch()
    broker.produce("orders", b"a")
    seen.wait_for(1)
    DBOS.destroy(workflow_completion_timeout_sec=PATIENCE_SECONDS)
    broker.forget_offsets()
    broker.produce("orders", b"b")
    launch()

    assert seen.wait_for(2) == [b"a", b"b"]


def test_offset_is_stored_only_when_the_workflow_is_durable(
    broker: Broker, seen: Seen, launched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = iter([True, True])
    start = kafka.KafkaConsumerService._start_workflow

    def start_or_fail(self: kafka.KafkaConsumerService, message: KafkaMessage) -> None:
        if next(fails, False):
            raise OSError("the database is away")
        start(self, message)

    monkeypatch.setattr(kafka.KafkaConsumerService, "_start_workflow", start_or_fail)

    @DBOS.kafka_consumer(CONFIG, ["orders"], make_consumer=broker.consumer)
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        seen.add(message.value)

    broker.produce("orders", b"a", b"b")
    assert sorted(seen.wait_for(2)) == [b"a", b"b"]
    _until(broker, lambda: broker.stored.get(("shop", "orders", 0)) == 2)
    assert len(broker.made) == 3
    assert all(config["enable.auto.offset.store"] is False for config in broker.made)


def test_in_order_messages_run_one_at_a_time(broker: Broker, seen: Seen, launched: None) -> None:
    running: list[object] = []

    @DBOS.kafka_consumer(CONFIG, ["orders"], in_order=True, make_consumer=broker.consumer)
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        running.append(message)
        assert len(running) == 1
        DBOS.sleep(0.002)
        running.clear()
        seen.add(message.offset)

    broker.produce("orders", *(b"x" for _ in range(12)))
    assert seen.wait_for(12) == list(range(12))


def test_errors_are_logged_and_fatal_ones_make_a_new_consumer(
    broker: Broker, seen: Seen, launched: None, caplog: pytest.LogCaptureFixture
) -> None:
    broker.faults = [Fault("a broker is away"), Fault("fenced", is_fatal=True)]

    @DBOS.kafka_consumer(CONFIG, ["orders"], make_consumer=broker.consumer)
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        seen.add(message.value)

    broker.produce("orders", b"a")
    assert seen.wait_for(1) == [b"a"]
    assert len(broker.made) == 2
    assert "a broker is away" in caplog.text
    assert "fenced" in caplog.text


@pytest.mark.parametrize("end", [DBOS.destroy, DBOS.deactivate])
def test_consumers_end_with_the_engine(broker: Broker, launched: None, end: Callable[[], None]) -> None:
    @DBOS.kafka_consumer(CONFIG, ["orders"], make_consumer=broker.consumer)
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        del message

    _until(broker, lambda: broker.open_consumers == 1)
    end()
    assert broker.open_consumers == 0


def test_group_is_named_after_workflow_and_topics(
    broker: Broker, launched: None, caplog: pytest.LogCaptureFixture
) -> None:
    @DBOS.kafka_consumer({}, ["orders", "re.turns"], make_consumer=broker.consumer)
    @DBOS.workflow(name="process")
    def process(message: KafkaMessage) -> None:
        del message

    _until(broker, lambda: bool(broker.made))
    assert broker.made[0]["group.id"].endswith("process-orders-returns")
    assert broker.made[0]["auto.offset.reset"] == "earliest"
    assert "has no group.id" in caplog.text


def test_the_real_consumer_is_used_by_default(launched: None, caplog: pytest.LogCaptureFixture) -> None:
    @DBOS.kafka_consumer({"bootstrap.servers": "127.0.0.1:1", "group.id": "shop"}, ["orders"])
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        del message

    DBOS.destroy()
    # That no broker is there is a warning; an error of our own would have a traceback.
    assert [record for record in caplog.records if record.exc_info] == []


def test_missing_library_is_named(launch: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    @DBOS.kafka_consumer(CONFIG, ["orders"])
    @DBOS.workflow()
    def process(message: KafkaMessage) -> None:
        del message

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(kafka, "import_module", missing)
    with pytest.raises(DBOSInitializationError, match="confluent-kafka"):
        launch()


@pytest.mark.parametrize(
    ("topics", "in_order", "reason"),
    [([], False, "at least one"), ("orders", False, "list"), (["^o.*"], True, "pattern"), ([""], False, "empty")],
)
def test_unusable_topics_are_refused(topics: Any, in_order: bool, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        DBOS.kafka_consumer(CONFIG, topics, in_order)


def test_what_is_no_workflow_is_refused() -> None:
    def process(message: KafkaMessage) -> None:
        del message

    with pytest.raises(DBOSWorkflowFunctionNotFoundError, match="kafka_consumer"):
        DBOS.kafka_consumer(CONFIG, ["orders"])(process)  # type: ignore[type-var]  # the mistake under test
