"""Messages, events and sleep."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar, overload

from dbos_typed.api.invoke import refuse_blocking
from dbos_typed.api.keys import Event, Topic, TypedKey
from dbos_typed.api.registration import codec
from dbos_typed.codec import Plan
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.ops import events, messages, sleep
from dbos_typed.runtime import current

T = TypeVar("T")


class Conversation:
    """How workflows talk to each other and to the outside."""

    @overload
    @classmethod
    def send(cls, destination_id: str, message: T, topic: Topic[T], *, idempotency_key: str | None = None) -> None: ...
    @overload
    @classmethod
    def send(
        cls, destination_id: str, message: object, topic: str | None = None, *, idempotency_key: str | None = None
    ) -> None: ...
    @classmethod
    def send(
        cls,
        destination_id: str,
        message: object,
        topic: str | Topic[Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> None:
        """Send a message to a workflow; it is durable when this returns.

        Sending to it again with the same `idempotency_key` does nothing, in workflows and outside. Outside workflows
        the id of a SetWorkflowID block is such a key.
        DBOSNonExistentWorkflowError: there is no such workflow.
        """
        refuse_blocking(context.current(), "DBOS.send", "DBOS.send_async")
        current.get().run(_send(destination_id, message, topic, idempotency_key))

    @overload
    @classmethod
    def send_async(
        cls, destination_id: str, message: T, topic: Topic[T], *, idempotency_key: str | None = None
    ) -> Coroutine[Any, Any, None]: ...
    @overload
    @classmethod
    def send_async(
        cls, destination_id: str, message: object, topic: str | None = None, *, idempotency_key: str | None = None
    ) -> Coroutine[Any, Any, None]: ...
    @classmethod
    def send_async(
        cls,
        destination_id: str,
        message: object,
        topic: str | Topic[Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> Coroutine[Any, Any, None]:
        """Coroutine version of send."""
        return current.get().run_async(_send(destination_id, message, topic, idempotency_key))

    @overload
    @classmethod
    def recv(cls, topic: Topic[T], timeout_seconds: float = 60) -> T | None: ...
    @overload
    @classmethod
    def recv(cls, topic: str | None = None, timeout_seconds: float = 60) -> Any | None: ...
    @classmethod
    def recv(cls, topic: str | Topic[Any] | None = None, timeout_seconds: float = 60) -> Any | None:
        """The oldest unread message of the topic, waiting up to `timeout_seconds`; None when none came.

        Only in the body of a workflow: DBOSContextError elsewhere.
        """
        refuse_blocking(context.current(), "DBOS.recv", "DBOS.recv_async")
        return current.get().run(_recv(topic, timeout_seconds))

    @overload
    @classmethod
    def recv_async(cls, topic: Topic[T], timeout_seconds: float = 60) -> Coroutine[Any, Any, T | None]: ...
    @overload
    @classmethod
    def recv_async(cls, topic: str | None = None, timeout_seconds: float = 60) -> Coroutine[Any, Any, Any | None]: ...
    @classmethod
    def recv_async(
        cls, topic: str | Topic[Any] | None = None, timeout_seconds: float = 60
    ) -> Coroutine[Any, Any, Any | None]:
        """Coroutine version of recv."""
        return current.get().run_async(_recv(topic, timeout_seconds))

    @overload
    @classmethod
    def set_event(cls, key: Event[T], value: T) -> None: ...
    @overload
    @classmethod
    def set_event(cls, key: str, value: object) -> None: ...
    @classmethod
    def set_event(cls, key: str | Event[Any], value: object) -> None:
        """Publish a value of this workflow under `key`; the last one wins and stays after the workflow ended.

        Only in the body of a workflow: DBOSContextError elsewhere.
        """
        refuse_blocking(context.current(), "DBOS.set_event", "DBOS.set_event_async")
        current.get().run(_set_event(key, value))

    @overload
    @classmethod
    def set_event_async(cls, key: Event[T], value: T) -> Coroutine[Any, Any, None]: ...
    @overload
    @classmethod
    def set_event_async(cls, key: str, value: object) -> Coroutine[Any, Any, None]: ...
    @classmethod
    def set_event_async(cls, key: str | Event[Any], value: object) -> Coroutine[Any, Any, None]:
        """Coroutine version of set_event."""
        return current.get().run_async(_set_event(key, value))

    @overload
    @classmethod
    def get_event(cls, workflow_id: str, key: Event[T], timeout_seconds: float = 60) -> T | None: ...
    @overload
    @classmethod
    def get_event(cls, workflow_id: str, key: str, timeout_seconds: float = 60) -> Any | None: ...
    @classmethod
    def get_event(cls, workflow_id: str, key: str | Event[Any], timeout_seconds: float = 60) -> Any | None:
        """The latest value that the workflow published under `key`, waiting up to `timeout_seconds` for the first."""
        refuse_blocking(context.current(), "DBOS.get_event", "DBOS.get_event_async")
        return current.get().run(_get_event(workflow_id, key, timeout_seconds))

    @overload
    @classmethod
    def get_event_async(
        cls, workflow_id: str, key: Event[T], timeout_seconds: float = 60
    ) -> Coroutine[Any, Any, T | None]: ...
    @overload
    @classmethod
    def get_event_async(
        cls, workflow_id: str, key: str, timeout_seconds: float = 60
    ) -> Coroutine[Any, Any, Any | None]: ...
    @classmethod
    def get_event_async(
        cls, workflow_id: str, key: str | Event[Any], timeout_seconds: float = 60
    ) -> Coroutine[Any, Any, Any | None]:
        """Coroutine version of get_event."""
        return current.get().run_async(_get_event(workflow_id, key, timeout_seconds))

    @classmethod
    def sleep(cls, seconds: float) -> None:
        """Sleep durably: the wake-up time is recorded, so a recovered workflow sleeps the remainder only.

        Only in the body of a workflow: DBOSContextError elsewhere.
        """
        refuse_blocking(context.current(), "DBOS.sleep", "DBOS.sleep_async")
        backend = current.get()
        backend.run(sleep.sleep(backend.engine, context.current(), seconds))

    @classmethod
    def sleep_async(cls, seconds: float) -> Coroutine[Any, Any, None]:
        """Coroutine version of sleep; holds no thread."""
        backend = current.get()
        return backend.run_async(sleep.sleep(backend.engine, context.current(), seconds))


def _plan(key: str | Event[Any] | Topic[Any] | None) -> Plan[Any]:
    """How values under the key are read.

    All are written with their types, so that readers with and without a typed key understand each other; compiling the
    type of a typed key makes its classes known to both.
    """
    if isinstance(key, Event | Topic):
        return codec.plan(key.value_type, where=repr(key))
    return current.get().engine.dynamic


def _name(key: str | Event[Any] | Topic[Any]) -> str:
    # What is neither is refused with every other bad name.
    return key.name if isinstance(key, TypedKey) else key


def _send(
    destination_id: str, message: object, topic: str | Topic[Any] | None, idempotency_key: str | None
) -> Operation[None]:
    engine = current.get().engine
    _plan(topic)
    name = None if topic is None else _name(topic)
    return messages.send(engine, context.current(), destination_id, message, name, engine.dynamic, idempotency_key)


def _recv(topic: str | Topic[Any] | None, timeout_seconds: float) -> Operation[Any]:
    name = None if topic is None else _name(topic)
    return messages.recv(current.get().engine, context.current(), name, timeout_seconds, _plan(topic))


def _set_event(key: str | Event[Any], value: object) -> Operation[None]:
    engine = current.get().engine
    _plan(key)
    return events.set_event(engine, context.current(), _name(key), value, engine.dynamic)


def _get_event(workflow_id: str, key: str | Event[Any], timeout_seconds: float) -> Operation[Any]:
    engine = current.get().engine
    return events.get_event(engine, context.current(), workflow_id, _name(key), timeout_seconds, _plan(key))
