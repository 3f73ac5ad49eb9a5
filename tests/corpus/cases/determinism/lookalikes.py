from __future__ import annotations

import datetime as dt
import os
import random
import time
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dbos_typed import DBOS


@dataclass
class Account:
    id: str

    def open(self) -> str:
        return self.id

    def now(self) -> str:
        return self.id

    def exists(self) -> bool:
        return bool(self.id)

    def read_text(self) -> str:
        return self.id


class Api:
    def get(self, path: str) -> str:
        return path

    def post(self, path: str, body: str) -> str:
        return path + body


@DBOS.workflow()
def looks_suspicious(requests: dict[str, str], input: str, path: Path, seed: int, stamp: float) -> str:
    account = Account(input)
    api = Api()
    rng = random.Random(seed)
    when = time.strftime("%H:%M", time.gmtime(stamp))
    day = dt.datetime.strptime("2024-01-01", "%Y-%m-%d").date()
    moment = dt.datetime.combine(day, dt.time(3), tzinfo=dt.UTC)
    folder = PurePosixPath("/data") / path.name
    known = uuid.UUID("12345678123456781234567812345678")
    named = uuid.uuid3(uuid.NAMESPACE_URL, input)
    return os.path.join(
        requests.get("a", ""),
        account.open(),
        account.now(),
        account.read_text() if account.exists() else "",
        api.get("/"),
        api.post("/", "x"),
        str(rng.choice([1, 2])),
        when,
        moment.isoformat(),
        str(folder.with_suffix(".txt").relative_to("/data")),
        f"{known}{named}{dt.datetime.max}{os.sep}",
        os.path.splitext(path.name)[0],
    )
