import io
import socket
from pathlib import Path
from typing import IO, TextIO

from dbos_typed import DBOS


@DBOS.step()
def read(path: Path) -> str:
    with path.open() as file:
        return file.read()


@DBOS.step()
def opened(path: Path) -> TextIO:  # E: dbos-serializable
    return path.open()


@DBOS.step()
def buffer(text: str) -> io.BytesIO:  # E: dbos-serializable
    return io.BytesIO(text.encode())


@DBOS.workflow()
def upload(file: IO[bytes], name: str) -> str:  # E: dbos-serializable
    return name + str(file.readable())


@DBOS.workflow()
def talk(peer: socket.socket) -> None:  # E: dbos-serializable
    DBOS.logger.info(peer)
