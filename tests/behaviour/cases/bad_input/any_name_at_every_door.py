"""Whatever is given where a name belongs: an error that says what is wrong, nothing written, and nobody waits for it."""

from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dbos_typed import (
    DBOS,
    DBOSClient,
    DBOSConfiguredInstance,
    DBOSContextSetAuth,
    Event,
    Queue,
    SetWorkflowID,
    Stream,
    Topic,
    error,
)
from tests.behaviour.app import App
from tests.behaviour.wild import THOROUGHLY, anything, names

FORMS = ("sync",)  # hypothesis calls blocking functions


def check(app: App) -> None:
    queue = Queue("queue")

    @DBOS.workflow()
    def work() -> int:
        return 1

    with SetWorkflowID("existing"):
        work()

    def with_roles(name: Any) -> None:
        with DBOSContextSetAuth(name, name):
            work()

    def enqueued(name: Any) -> None:
        with SetWorkflowID(name):
            queue.enqueue(work)

    def doors(client: DBOSClient) -> dict[str, Callable[[Any], object]]:
        return {
            "id": lambda name: SetWorkflowID(name),
            "enqueue": enqueued,
            "identity": with_roles,
            "instance": lambda name: DBOSConfiguredInstance(name),
            "topic": lambda name: Topic[int](name),
            "event": lambda name: Event[int](name),
            "stream": lambda name: Stream[int](name),
            "workflow": lambda name: DBOS.workflow(name=name)(lambda: None),
            "step": lambda name: DBOS.step(name=name)(lambda: None),
            "class": lambda name: DBOS.dbos_class(name),
            "send": lambda name: DBOS.send(name, 1),
            "send topic": lambda name: DBOS.send("existing", 1, name),
            "send key": lambda name: DBOS.send("existing", 1, idempotency_key=name),
            "get_event": lambda name: DBOS.get_event(name, name, timeout_seconds=0),
            "get_all_events": lambda name: DBOS.get_all_events(name),
            "read_stream": lambda name: list(DBOS.read_stream("existing", name)),
            "retrieve": lambda name: DBOS.retrieve_workflow(name),
            "status": lambda name: DBOS.get_workflow_status(name),
            "steps": lambda name: DBOS.list_workflow_steps(name),
            "cancel": lambda name: DBOS.cancel_workflow(name),
            "cancel many": lambda name: DBOS.cancel_workflows(name),
            "resume": lambda name: DBOS.resume_workflow(name),
            "resume many": lambda name: DBOS.resume_workflows(name),
            "restart": lambda name: DBOS.restart_workflow(name),
            "fork": lambda name: DBOS.fork_workflow(name, 1),
            "fork step": lambda name: DBOS.fork_workflow("missing", name),
            "delete": lambda name: DBOS.delete_workflow(name),
            "recover": lambda name: DBOS.recover_pending_workflows(name),
            "roles": lambda name: DBOS.required_roles(name),
            "client enqueue": lambda name: client.enqueue({"workflow_name": name, "queue_name": name}),
            "client options": lambda name: client.enqueue(name),
            "client send": lambda name: client.send(name, 1, name, name),
            "client get_event": lambda name: client.get_event(name, name, 0),
            "client retrieve": lambda name: client.retrieve_workflow(name),
            "client cancel": lambda name: client.cancel_workflow(name),
            "client fork": lambda name: client.fork_workflow(name, 1),
        }

    with DBOSClient(app.database_url) as client:
        every = doors(client)

        @settings(THOROUGHLY, max_examples=250)
        @given(door=st.sampled_from(sorted(every)), name=names | anything)
        @example(door="cancel many", name="existing")
        @example(door="resume many", name="existing")
        @example(door="recover", name="here")
        @example(door="roles", name="admin")
        @example(door="fork step", name="1")
        def whatever(door: str, name: Any) -> None:
            before = app.counts()
            try:
                every[door](name)
            except (ValueError, TypeError, error.DBOSException) as refused:
                assert len(str(refused)) > 15, (door, refused)
                assert app.counts() == before
            app.sql("DELETE FROM {dbos}workflows WHERE workflow_id <> 'existing'")

        whatever()
        for door in ("cancel many", "resume many", "recover", "roles"):
            try:
                every[door]("here")
            except TypeError as refused:
                assert "['here']" in str(refused), (door, refused)
            else:
                raise AssertionError(door)
