import datetime as dt
import random as rnd
from datetime import datetime as DateTime
from time import time as now
from uuid import uuid4 as new

from dbos_typed import DBOS


class Offset:
    def now(self) -> int:
        return 0


@DBOS.workflow()
def all_styles(text: str) -> str:
    a = dt.datetime.now(dt.UTC)  # E: dbos-deterministic
    b = DateTime.utcnow()  # E: dbos-deterministic
    c = now()  # E: dbos-deterministic
    d = new()  # E: dbos-deterministic
    e = rnd.sample([1, 2], 1)  # E: dbos-deterministic
    f = dt.datetime.fromisoformat(text)
    g = Offset().now()
    h = dt.timedelta(seconds=1)
    i = dt.date.today().year  # E: dbos-deterministic
    return f"{a}{b}{c}{d}{e}{f}{g}{h}{i}"
