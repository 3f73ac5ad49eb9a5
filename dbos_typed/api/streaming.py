"""Streams."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, TypeVar, overload

from dbos_typed.api.invoke import refuse_blocking
from dbos_typed.api.keys import Stream
from dbos_typed.api.registration import codec
from dbos_typed.codec import Plan
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.ops import streams
from dbos_typed.runtime import current

T = TypeVar("T")


class Streaming:
    """Values that a workflow appends to a stream and anybody reads in order, while it runs or afterwards."""

    @overload
    @classmethod
    def write_stream(cls, key: Stream[T], value: T) -> None: ...
    @overload
    @classmethod
    def write_stream(cls, key: str, value: object) -> None: ...
    @classmethod
    def write_stream(cls, key: str | Stream[Any], value: object) -> None:
        """Append a value to a stream of this workflow; recorded in a workflow, plain in a step.

        DBOSContextError: called outside workflows. DBOSSerializationError: the value cannot be stored.
        """
        refuse_blocking(context.current(), "DBOS.write_stream", "DBOS.write_stream_async")
        current.get().run(_write(key, value))

    @overload
    @classmethod
    def write_stream_async(cls, key: Stream[T], value: T) -> Coroutine[Any, Any, None]: ...
    @overload
    @classmethod
    def write_stream_async(cls, key: str, value: object) -> Coroutine[Any, Any, None]: ...
    @classmethod
    def write_stream_async(cls, key: str | Stream[Any], value: object) -> Coroutine[Any, Any, None]:
        """Coroutine version of write_stream."""
        return current.get().run_async(_write(key, value))

    @classmethod
    def close_stream(cls, key: str | Stream[Any]) -> None:
        """Tell readers that no value follows; the end of the workflow tells them too."""
        refuse_blocking(context.current(), "DBOS.close_stream", "DBOS.close_stream_async")
        current.get().run(_close(key))

    @classmethod
    def close_stream_async(cls, key: str | Stream[Any]) -> Coroutine[Any, Any, None]:
        """Coroutine version of close_stream."""
        return current.get().run_async(_close(key))

    @overload
    @classmethod
    def read_stream(cls, workflow_id: str, key: Stream[T]) -> Generator[T]: ...
    @overload
    @classmethod
    def read_stream(cls, workflow_id: str, key: str) -> Generator[Any]: ...
    @classmethod
    def read_stream(cls, workflow_id: str, key: str | Stream[Any]) -> Generator[Any]:
        """The values of a stream in order, as they come, until it is closed or its workflow has ended.

        A value that cannot be read is an UndecodableValue when the stream is read by name; a typed reading ends there
        with DBOSSerializationError. DBOSContextError: called in a workflow; a step may read.
        """
        read, position, is_last = reading(key, _plan(key)), 0, False
        while not is_last:
            refuse_blocking(context.current(), "DBOS.read_stream", "DBOS.read_stream_async")
            chunk = current.get().run(_next(workflow_id, key, position))
            position, is_last = chunk.position, chunk.is_last
            yield from map(read, chunk.values)

    @overload
    @classmethod
    def read_stream_async(cls, workflow_id: str, key: Stream[T]) -> AsyncGenerator[T]: ...
    @overload
    @classmethod
    def read_stream_async(cls, workflow_id: str, key: str) -> AsyncGenerator[Any]: ...
    @classmethod
    async def read_stream_async(cls, workflow_id: str, key: str | Stream[Any]) -> AsyncGenerator[Any]:
        """Asynchronous version of read_stream."""
        read, position, is_last = reading(key, _plan(key)), 0, False
        while not is_last:
            chunk = await current.get().run_async(_next(workflow_id, key, position))
            position, is_last = chunk.position, chunk.is_last
            for value in chunk.values:
                yield read(value)


def _plan(key: str | Stream[Any]) -> Plan[Any]:
    if isinstance(key, Stream):
        return codec.plan(key.value_type, where=repr(key))
    return current.get().engine.dynamic


def reading(key: str | Stream[Any], plan: Plan[Any]) -> Callable[[str], Any]:
    """How values are read: a typed reading gives none of another type, one by name may give an UndecodableValue."""
    return plan.decode if isinstance(key, Stream) else plan.try_decode


def _name(key: str | Stream[Any]) -> str:
    return key.name if isinstance(key, Stream) else key


def _write(key: str | Stream[Any], value: object) -> Operation[None]:
    _plan(key)  # makes the classes of a typed key known
    engine = current.get().engine
    return streams.write_stream(engine, context.current(), _name(key), value, engine.dynamic)


def _close(key: str | Stream[Any]) -> Operation[None]:
    return streams.close_stream(current.get().engine, context.current(), _name(key))


def _next(workflow_id: str, key: str | Stream[Any], position: int) -> Operation[streams.Chunk]:
    return streams.next_chunk(current.get().engine, context.current(), workflow_id, _name(key), position)
