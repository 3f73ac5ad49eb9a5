"""Threads that go on working whatever happens in them."""

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from dbos_typed.core import context
from dbos_typed.core.context import PATIENT, Frame
from dbos_typed.core.health import ServiceHealth
from dbos_typed.runtime.services import supervision
from dbos_typed.runtime.services.supervision import ServiceThread, health_of, stop_all

PATIENCE_SECONDS = 20
LOGGER = logging.getLogger("tests.supervision")


class Body:
    """Does what it is given, one thing each time that it is begun; then it waits for its end."""

    name = "tests-service"

    def __init__(self, *works: Callable[[threading.Event], object]) -> None:
        self._works = list(works)
        self._woken = threading.Event()
        self.begun = 0
        self.is_at_rest = threading.Event()

    def run(self, stop: threading.Event) -> None:
        self.begun += 1
        if self._works:
            self._works.pop(0)(stop)
        else:
            self.is_at_rest.set()
            # Waits for something else than `stop`.
            self._woken.wait()
            assert stop.is_set()

    def wake(self) -> None:
        self._woken.set()


def fail(error: BaseException) -> Callable[[threading.Event], None]:
    def work(_: threading.Event) -> None:
        raise error

    return work


@pytest.fixture
def thread_of() -> Iterator[Callable[[Body], ServiceThread]]:
    """Starts a service; it is stopped after the test."""
    made: list[ServiceThread] = []

    def start(body: Body) -> ServiceThread:
        made.append(ServiceThread(body, LOGGER))
        made[-1].start()
        return made[-1]

    yield start
    stop_all(made)
    assert [thread for thread in made if thread.is_alive] == []


Start = Callable[[Body], ServiceThread]


def health(thread: ServiceThread) -> ServiceHealth:
    found = thread.health()
    assert found is not None
    return found


@pytest.mark.parametrize(
    "error", [ValueError("no"), SystemExit(3), KeyboardInterrupt("stop"), GeneratorExit(), BaseException("odd")]
)
def test_body_that_raises_is_begun_again_whatever_it_raised(
    thread_of: Start, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    body = Body(fail(error))
    thread = thread_of(body)
    assert body.is_at_rest.wait(PATIENCE_SECONDS)
    (logged,) = caplog.records
    assert logged.levelno == logging.ERROR
    assert logged.exc_info is not None
    assert logged.exc_info[1] is error
    told = health(thread)
    assert (told.name, told.is_alive, told.restarts) == ("tests-service", True, 1)
    assert told.last_error is not None
    assert type(error).__name__ in told.last_error
    assert told.last_error_at == pytest.approx(time.time() * 1000, abs=PATIENCE_SECONDS * 1000)


def test_body_that_ends_on_its_own_is_begun_again(thread_of: Start) -> None:
    body = Body(lambda _: None)
    thread = thread_of(body)
    assert body.is_at_rest.wait(PATIENCE_SECONDS)
    assert "ended although nobody had stopped it" in str(health(thread).last_error)


def test_pause_grows_with_each_failure(thread_of: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.01)
    moments: list[float] = []

    def note_and_fail(_: threading.Event) -> None:
        moments.append(time.monotonic())
        raise OSError

    body = Body(*[note_and_fail] * 5)
    thread_of(body)
    assert body.is_at_rest.wait(PATIENCE_SECONDS)
    pauses = [after - before for before, after in pairwise(moments)]
    assert all(pause >= least for pause, least in zip(pauses, [0.01, 0.02, 0.04, 0.08], strict=True))


def test_pause_is_short_again_after_the_body_has_worked_for_a_while(
    thread_of: Start, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(supervision, "SETTLED_SECONDS", 0.05)

    def work_and_fail(_: threading.Event) -> None:
        time.sleep(0.06)
        raise OSError

    body = Body(fail(OSError()), fail(OSError()), work_and_fail, work_and_fail)
    thread_of(body)
    assert body.is_at_rest.wait(PATIENCE_SECONDS)
    assert [record.args[1] for record in caplog.records if isinstance(record.args, tuple)] == [0.01, 0.02, 0.01, 0.01]


def test_service_is_failing_from_its_failure_until_it_has_worked_for_a_while(
    thread_of: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "SETTLED_SECONDS", 1.0)
    begins = threading.Event()

    def wait_and_fail(_: threading.Event) -> None:
        assert begins.wait(PATIENCE_SECONDS)
        raise OSError

    body = Body(wait_and_fail)
    thread = thread_of(body)
    assert not health(thread).is_failing
    begins.set()
    assert body.is_at_rest.wait(PATIENCE_SECONDS)
    assert health(thread).is_failing
    deadline = time.monotonic() + PATIENCE_SECONDS
    while health(thread).is_failing:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert health(thread).restarts == 1


def test_failure_while_it_is_stopped_is_quiet(thread_of: Start, caplog: pytest.LogCaptureFixture) -> None:
    begun = threading.Event()

    def work(stop: threading.Event) -> None:
        begun.set()
        stop.wait(PATIENCE_SECONDS)
        raise OSError("the database was closed")

    thread = thread_of(Body(work))
    assert begun.wait(PATIENCE_SECONDS)
    thread.stop()
    assert not thread.is_alive
    assert caplog.records == []


def test_stopping_ends_a_pause_between_two_attempts(thread_of: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 100.0)
    thread = thread_of(Body(fail(OSError())))
    while not health(thread).is_failing:
        time.sleep(0.001)
    began = time.monotonic()
    thread.stop()
    assert time.monotonic() - began < PATIENCE_SECONDS
    assert not thread.is_alive


def test_stopping_is_idempotent_and_for_good() -> None:
    body = Body()
    thread = ServiceThread(body, LOGGER)
    thread.stop()
    thread.start()
    assert (thread.is_alive, thread.health(), body.begun) == (False, None, 0)
    thread.stop()


def test_service_may_stop_itself(thread_of: Start) -> None:
    done = threading.Event()
    threads: list[ServiceThread] = []

    started = threading.Event()

    def stop_all_of_them(_: threading.Event) -> None:
        assert started.wait(PATIENCE_SECONDS)
        stop_all(threads)
        done.set()

    other = thread_of(Body())
    thread = thread_of(Body(stop_all_of_them))
    threads += [other, thread]
    started.set()
    assert done.wait(PATIENCE_SECONDS)
    thread.stop()
    assert not thread.is_alive
    assert not other.is_alive


def test_thread_that_does_not_end_is_left_to_itself(thread_of: Start, caplog: pytest.LogCaptureFixture) -> None:
    begun, held = threading.Event(), threading.Event()

    def hang(_: threading.Event) -> None:
        begun.set()
        held.wait(PATIENCE_SECONDS)

    thread = thread_of(Body(hang))
    assert begun.wait(PATIENCE_SECONDS)
    began = time.monotonic()
    stop_all([thread], 0.05)
    assert time.monotonic() - began < PATIENCE_SECONDS / 2
    assert "left to itself" in caplog.text
    held.set()


def test_body_runs_in_its_frame_and_in_a_context_of_its_own() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("tests_variable", default="unset")
    variable.set("of the starter")
    found: list[tuple[str, Frame]] = []

    def look(_: threading.Event) -> None:
        found.append((variable.get(), context.current()))
        variable.set("of the first attempt")
        context.put(Frame())
        if len(found) == 1:
            raise OSError

    other = Frame(timeout_seconds=3.0)
    for arguments, expected in (({}, PATIENT), ({"frame": other}, other)):
        found.clear()
        body = Body(look, look)
        thread = ServiceThread(body, LOGGER, **arguments)
        thread.start()
        assert body.is_at_rest.wait(PATIENCE_SECONDS)
        thread.stop()
        assert found == [("unset", expected)] * 2
    assert PATIENT.is_patient


def test_health_leaves_out_what_is_not_to_run(thread_of: Start) -> None:
    working, stopped, idle = thread_of(Body()), thread_of(Body()), ServiceThread(Body(), LOGGER)
    stopped.stop()
    assert health_of([working, stopped, idle]) == (working.health(),)


def test_handler_that_raises_does_not_end_the_service(thread_of: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise OSError("no space")

    monkeypatch.setattr(LOGGER, "handlers", [Broken()])
    body = Body(fail(ValueError()))
    thread_of(body)
    assert body.is_at_rest.wait(PATIENCE_SECONDS)
