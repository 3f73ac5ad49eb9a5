"""The proxy does to connections what it says."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Proxy, proxy

SILENCE_SECONDS = 0.2


@pytest.fixture
def opened() -> Iterator[Proxy]:
    """A proxy before a server that says back what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        echoing: list[threading.Thread] = []

        def echo(connection: socket.socket) -> None:
            with connection:
                try:
                    while data := connection.recv(1024):
                        connection.sendall(data)
                except OSError:
                    return

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                echoing.append(threading.Thread(target=echo, args=(connection,)))
                echoing[-1].start()

        accepting = threading.Thread(target=serve)
        accepting.start()
        with proxy(server.getsockname()[1]) as made:
            yield made
        server.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for thread in echoing:
            thread.join()


def _connected(opened: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", opened.port), timeout=5)


def _said_back(client: socket.socket, words: bytes, timeout: float = 5) -> bytes:
    client.settimeout(timeout)
    client.sendall(words)
    return client.recv(1024)


def _is_silent(client: socket.socket) -> bool:
    try:
        _said_back(client, b"?", SILENCE_SECONDS)
    except TimeoutError:
        return True
    return False


def test_it_forwards_both_ways(opened: Proxy) -> None:
    with _connected(opened) as client:
        assert _said_back(client, b"hello") == b"hello"


def test_reset_connections_are_reset(opened: Proxy) -> None:
    with _connected(opened) as client:
        assert _said_back(client, b"hello") == b"hello"
        assert opened.reset_all() == 1
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_delayed_words_come_later(opened: Proxy) -> None:
    with _connected(opened) as client:
        opened.delay(0.1, 0.1)
        began = time.monotonic()
        assert _said_back(client, b"hello") == b"hello"
        assert time.monotonic() - began >= 0.2


def test_held_words_come_when_it_forwards_again(opened: Proxy) -> None:
    with _connected(opened) as client:
        assert _said_back(client, b"hello") == b"hello"
        opened.hold()
        assert _is_silent(client)
        opened.restore()
        client.settimeout(5)
        assert client.recv(1024) == b"?"


def test_dropped_connections_stay_silent_and_new_ones_work(opened: Proxy) -> None:
    with _connected(opened) as before:
        assert _said_back(before, b"hello") == b"hello"
        opened.drop()
        with _connected(opened) as meanwhile:
            assert _is_silent(before)
            assert _is_silent(meanwhile)
            opened.restore()
            assert _is_silent(before)
            assert _is_silent(meanwhile)
        with _connected(opened) as after:
            assert _said_back(after, b"hello") == b"hello"
