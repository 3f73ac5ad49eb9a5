"""Whatever is given as the option of a queue, an enqueueing or a decorator: it is taken, or refused by its name."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dbos_typed import DBOS, Queue, SetEnqueueOptions, SetWorkflowTimeout, error
from tests.behaviour.app import App
from tests.behaviour.wild import THOROUGHLY, anything, names

FORMS = ("sync",)  # hypothesis calls blocking functions

REFUSALS = (ValueError, TypeError, error.DBOSException)


def check(app: App) -> None:
    queue = Queue("queue", priority_enabled=True, worker_concurrency=1)
    gate = app.gate()

    @DBOS.workflow()
    def work() -> int:
        gate.wait()
        return 1

    # The queue is occupied, so that what is enqueued stays as it is.
    queue.enqueue(work)
    app.until(lambda: app.rows("workflows")[0]["status"] == "PENDING")

    limits = st.fixed_dictionaries(
        {},
        optional={
            "concurrency": anything,
            "worker_concurrency": anything,
            "limiter": anything | st.fixed_dictionaries({}, optional={"limit": anything, "period": anything}),
            "polling_interval_sec": anything,
        },
    )
    options = st.fixed_dictionaries(
        {},
        optional={
            "deduplication_id": anything,
            "priority": anything,
            "app_version": anything,
            "queue_partition_key": anything,
            "delay_seconds": anything,
        },
    )
    retries = st.fixed_dictionaries(
        {"retries_allowed": st.just(True)},
        optional={"interval_seconds": anything, "max_attempts": anything, "backoff_rate": anything, "name": names},
    )

    @THOROUGHLY
    @given(name=anything, given_limits=limits)
    def any_queue(name: Any, given_limits: dict[str, Any]) -> None:
        try:
            made = Queue(name, **given_limits)
        except REFUSALS as refused:
            assert len(str(refused)) > 20, refused
        else:
            # It works: what is put on it can be listed.
            handle = made.enqueue(work)
            assert handle.get_status().queue_name == name
            DBOS.cancel_workflow(handle.workflow_id)

    @THOROUGHLY
    @given(given_options=options)
    def any_enqueueing(given_options: dict[str, Any]) -> None:
        before = app.counts()
        try:
            with SetEnqueueOptions(**given_options):
                handle = queue.enqueue(work)
        except REFUSALS as refused:
            assert any(name in str(refused) for name in given_options), refused
            assert app.counts() == before
        else:
            assert handle.get_status().status == "ENQUEUED"
            DBOS.cancel_workflow(handle.workflow_id)

    @THOROUGHLY
    @given(policy=retries, seconds=anything)
    def any_decoration(policy: dict[str, Any], seconds: Any) -> None:
        try:
            DBOS.step(**policy)(lambda: None)
        except REFUSALS as refused:
            assert any(name in str(refused) for name in policy), refused
        try:
            with SetWorkflowTimeout(seconds):
                pass
        except REFUSALS as refused:
            assert "SetWorkflowTimeout" in str(refused) or "seconds" in str(refused), refused

    any_queue()
    any_enqueueing()
    any_decoration()
