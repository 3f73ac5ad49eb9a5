from __future__ import annotations

import datetime
import http.client
import os
import sys
import tempfile
import time
from multiprocessing import Pool
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from dbos_typed import DBOS


@DBOS.step()
def allowed(folder: Path, engine_url: str) -> int:
    with tempfile.TemporaryDirectory() as scratch, Pool(2) as pool:
        return len(pool.map(str, folder.glob("*"))) + len(scratch) + len(engine_url)


@DBOS.workflow()
def everything(folder: Path, name: str) -> str:
    connection = http.client.HTTPSConnection("host")  # E?: dbos-deterministic
    connection.request("GET", "/")  # E: dbos-deterministic
    found = [path.name for path in folder.rglob("*.py")]  # E: dbos-deterministic
    here = Path.cwd()  # E: dbos-deterministic
    size = os.path.getsize(name)  # E: dbos-deterministic
    line = sys.stdin.readline()  # E: dbos-deterministic
    now = datetime.datetime.today()  # E: dbos-deterministic
    nanoseconds = time.perf_counter_ns()  # E: dbos-deterministic
    settings = dict(os.environ)  # E: dbos-deterministic
    with tempfile.NamedTemporaryFile() as file:  # E: dbos-deterministic
        print(file)
    parts = folder.joinpath(name).as_posix()
    return f"{found}{here}{size}{line}{now}{nanoseconds}{settings}{parts}{allowed(folder, name)}"


def count(engine: Engine) -> int:
    with Session(engine) as session:
        return len(session.execute(text("SELECT 1")).all())
