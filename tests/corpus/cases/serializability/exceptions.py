import threading

import httpx

from dbos_typed import DBOS


class PlainError(Exception):
    """No more than its message."""


class CodeError(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class LockedError(Exception):
    def __init__(self, name: str, lock: threading.Lock) -> None:
        super().__init__(name)
        self.lock = lock


class ResponseError(Exception):
    def __init__(self, response: httpx.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@DBOS.step()
def plain(name: str) -> str:
    raise PlainError(name)


@DBOS.step()
def coded(name: str) -> str:
    raise CodeError(3, name)


@DBOS.step()
def locked(name: str) -> str:
    raise LockedError(name, threading.Lock())  # E: dbos-serializable


@DBOS.step()
def fetch(url: str) -> str:
    response = httpx.get(url)
    if response.is_error:
        raise ResponseError(response)  # E: dbos-serializable
    return response.text
