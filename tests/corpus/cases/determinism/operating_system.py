import os
import pathlib
import shutil
import signal
import sys

from dbos_typed import DBOS


@DBOS.step()
def here() -> str:
    return os.getcwd()


@DBOS.workflow()
def prepare(name: str) -> str:
    folder = os.getcwd()  # E: dbos-deterministic
    os.makedirs(name)  # E: dbos-deterministic
    home = pathlib.Path.home()  # E: dbos-deterministic
    key = os.urandom(8)  # E: dbos-deterministic
    shutil.copy(name, folder)  # E: dbos-deterministic
    if os.path.exists(name):  # E: dbos-deterministic
        os.remove(name)  # E: dbos-deterministic
    text = pathlib.Path(name).read_text()  # E: dbos-deterministic
    base = os.path.basename(name)
    big = sys.maxsize
    number = signal.SIGTERM.value
    return f"{home}{key.hex()}{text}{base}{big}{number}{here()}"
