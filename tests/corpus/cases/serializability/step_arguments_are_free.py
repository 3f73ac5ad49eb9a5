import threading
from collections.abc import Callable, Iterator
from typing import IO

from dbos_typed import DBOS


class Client:
    def __init__(self, host: str) -> None:
        self.host = host


CLIENT = Client("a")


@DBOS.step()
def call(client: Client, lock: threading.Lock, text: str) -> str:
    with lock:
        return client.host + text


@DBOS.step()
def reduce(function: Callable[[str], int], words: Iterator[str]) -> int:
    return sum(function(word) for word in words)


@DBOS.step()
def copy(source: IO[bytes]) -> bytes:
    return source.read()


@DBOS.workflow()
def run(words: list[str]) -> int:
    print(call(CLIENT, threading.Lock(), words[0]))
    return reduce(len, iter(words))


@DBOS.workflow()
def run_with(client: Client, words: list[str]) -> str:  # E: dbos-serializable
    return client.host + words[0]
