"""A TCP proxy between executors and their server, which can lose, hold, delay and reset what passes."""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any

_CHUNK_BYTES = 65536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class _Connection:
    """One client's connection. `is_dead`: what comes is swallowed, and nothing is ever answered or closed."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writers = [writer]
        self.is_dead = False

    def reset(self) -> None:
        for writer in self.writers:
            found: socket.socket | None = writer.get_extra_info("socket")
            if found is not None and found.fileno() >= 0:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()


class Proxy:
    """Forwards connections to a port of 127.0.0.1. Every method may be called from any thread."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._connections: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._forwards = asyncio.Event()
        self._forwards.set()
        self._latency: tuple[float, float] | None = None
        self._drops = False
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def reset_all(self) -> int:
        """Reset every connection, as a firewall that lost its table does; answers how many there were."""
        return int(self._call(self._reset_all))

    def delay(self, least: float, most: float) -> None:
        """From now on hold everything back for so many seconds, in both directions."""
        self._latency = (least, most)

    def drop(self) -> None:
        """Silence the connections for ever, and those that are made until `restore`: swallowed, never answered."""
        self._call(self._drop)

    def hold(self) -> None:
        """Forward nothing until `restore`, which then forwards what was held."""
        self._call(self._forwards.clear)

    def restore(self) -> None:
        """Forward again, at once. Connections that were dropped stay silent."""
        self._latency = None
        self._drops = False
        self._call(self._forwards.set)

    def close(self) -> None:
        """Reset every connection and end. Idempotent."""
        if not self._loop.is_closed():
            self._run(self._close())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def _call(self, function: Callable[[], Any]) -> Any:
        async def call() -> Any:
            return function()

        return self._run(call())

    def _reset_all(self) -> int:
        for connection in self._connections:
            connection.reset()
        return len(self._connections)

    def _drop(self) -> None:
        self._drops = True
        for connection in self._connections:
            connection.is_dead = True

    async def _close(self) -> None:
        self._server.close()
        self._reset_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        connection = _Connection(writer)
        connection.is_dead = self._drops
        self._connections.add(connection)
        if task is not None:
            self._tasks.add(task)
        try:
            # A task that asyncio's streams started must not end as cancelled, which they would log.
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await self._connect(connection, reader, writer)
        finally:
            connection.reset()
            self._connections.discard(connection)
            if task is not None:
                self._tasks.discard(task)

    async def _connect(
        self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await self._forwards.wait()
        if getattr(reader, "_eof"):  # noqa: B009  # at_eof() asks for an empty buffer too, and nothing public does not
            # Who gave up while nothing was forwarded has long left: no network would bring it to the server now.
            return
        if connection.is_dead:
            while await reader.read(_CHUNK_BYTES):
                pass
            return
        their_reader, their_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        connection.writers.append(their_writer)
        pumps = [
            asyncio.ensure_future(self._pump(connection, reader, their_writer)),
            asyncio.ensure_future(self._pump(connection, their_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            data = await reader.read(_CHUNK_BYTES)
            if self._latency is not None:
                await asyncio.sleep(random.uniform(*self._latency))  # noqa: S311  # a latency, no secret
            await self._forwards.wait()
            if connection.is_dead:
                if not data and writer is not connection.writers[0]:
                    return  # the client gave up; when the server did, the client must not hear of it
                if not data:
                    await asyncio.Event().wait()
                continue
            if not data:
                # Half-closed connections do not occur in PostgreSQL's protocol.
                await writer.drain()
                writer.close()
                return
            writer.write(data)
            await writer.drain()


@contextmanager
def proxy(target_port: int) -> Generator[Proxy]:
    """A proxy for the duration of the block."""
    opened = Proxy(target_port)
    try:
        yield opened
    finally:
        opened.close()
