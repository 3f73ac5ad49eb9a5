"""Helpers that read the clock only when they are given nothing, and methods that derived classes record."""

from pathlib import Path

from tests.rules.programs import assert_found, findings

GUARDED = """\
import os
import random
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Optional

from dbos_typed import DBOS


def default_to_now(moment: datetime | None = None) -> datetime:
    return moment if moment is not None else datetime.now(timezone.utc)


def early(moment: Optional[datetime] = None) -> str:
    if moment is not None:
        return moment.isoformat()
    return datetime.now().isoformat()


def both(start: datetime | None, end: "datetime | None") -> timedelta:
    if start is None:
        start = datetime.now()
    if not end:
        end = datetime.now()
    return end - start


def identified(name: str, *, identity: str | None = None, region: str = "eu", verbose: bool = False) -> str:
    identity = identity or uuid.uuid4().hex
    if verbose:
        time.sleep(1)
    if region == "env":
        region = os.environ["REGION"]
    return f"{name}-{identity}-{region}"


def chained(moment: datetime | None = None) -> str:
    return early(default_to_now(moment))


def shuffled(items: list[int], rng: random.Random | None = None) -> list[int]:
    rng = rng or random.Random()
    rng.shuffle(items)
    return items


def cached(refresh: bool) -> str:
    if not refresh:
        return "cached"
    return os.environ["X"]


class Timer:
    def __init__(self, started: float | None = None) -> None:
        self.started = time.time() if started is None else started

    def left(self, now: float | None = None) -> float:
        return self.started - (now or time.time())


@DBOS.step()
def now() -> datetime:
    return datetime.now()
"""


def test_what_an_argument_stands_in_for_is_not_run(tmp_path: Path) -> None:
    program = (
        GUARDED
        + """\


@DBOS.workflow()
def run(seconds: float) -> str:
    at = now()
    default_to_now(at)
    early(moment=at)
    both(at, now())
    identified("a", identity="b")
    identified("a", identity=str(at), verbose=False, region="us")
    chained(at)
    shuffled([1, 2], random.Random(3))
    cached(False)
    Timer(seconds).left(at.timestamp())
    Timer(started=1.0)
    return ""
"""
    )
    assert findings(tmp_path, program) == []


def test_what_no_argument_stands_in_for_is_run(tmp_path: Path) -> None:
    program = (
        GUARDED
        + """\


def rebound(moment: datetime | None = None) -> datetime:
    moment = None
    return moment or datetime.now()


def in_loop(moment: datetime | None = None) -> float:
    for _ in range(3):
        if moment is None:
            moment = datetime.min
        else:
            return time.time()
    return 1.0


@DBOS.workflow()
def run(flag: bool, rest: list[datetime], more: dict[str, str]) -> str:
    at = now()
    default_to_now()  # E: dbos-deterministic
    default_to_now(*rest)  # E: dbos-deterministic
    early(None)  # E: dbos-deterministic
    both(at, None)  # E: dbos-deterministic
    identified("x")  # E: dbos-deterministic
    identified("x", **more)  # E: dbos-deterministic
    identified("x", identity="y", verbose=True)  # E: dbos-deterministic
    identified("x", identity="y", verbose=flag)  # E: dbos-deterministic
    identified("x", identity="y", region="env")  # E: dbos-deterministic
    cached(flag)  # E: dbos-deterministic
    cached(True)  # E: dbos-deterministic
    Timer()  # E: dbos-deterministic
    Timer(1.0).left()  # E: dbos-deterministic
    rebound(at)  # E: dbos-deterministic
    in_loop()  # E: dbos-deterministic
    return ""
"""
    )
    assert_found(tmp_path, program)


def test_operations_behind_a_parameter_are_told_apart(tmp_path: Path) -> None:
    program = """\
    from sqlalchemy import text
    from sqlalchemy.orm import Session

    from dbos_typed import DBOS


    def add(name: str, session: Session | None = None) -> None:
        session = session or DBOS.sql_session
        session.execute(text("INSERT"), {"name": name})


    def tell(value: int, *, publish: bool = True) -> int:
        if publish:
            DBOS.set_event("told", value)
        return value


    @DBOS.step()
    def in_step() -> None:
        with Session() as session:
            add("x", session)
            add("y", session=session)
        tell(3, publish=False)
        tell(3)  # E: dbos-context
        add("z")  # E: dbos-context


    @DBOS.transaction()
    def in_transaction() -> None:
        add("x")


    @DBOS.workflow()
    def run() -> int:
        in_step()
        in_transaction()
        return tell(4)
    """
    assert_found(tmp_path, program)


def test_an_inherited_method_calls_what_the_derived_class_records(tmp_path: Path) -> None:
    program = """\
    import time

    from dbos_typed import DBOS, DBOSConfiguredInstance


    class Stamped:
        @property
        def moment(self) -> float:
            return time.time()

        def timestamp(self) -> float:
            return time.time()

        def stamp(self) -> str:
            return f"{self.timestamp():.0f}"

        def twice(self) -> str:
            return self.stamp() + self.stamp()

        def shown(self) -> str:
            return str(self.moment)


    @DBOS.dbos_class()
    class Recorded(Stamped, DBOSConfiguredInstance):
        @DBOS.step()
        def timestamp(self) -> float:
            return super().timestamp()

        @property
        def moment(self) -> float:
            return 3.0

        @DBOS.workflow()
        def export(self) -> str:
            return self.stamp() + self.twice() + self.shown()


    @DBOS.dbos_class()
    class Plain(Stamped, DBOSConfiguredInstance):
        @DBOS.workflow()
        def export(self) -> str:
            self.shown()  # E: dbos-deterministic
            return self.twice()  # E: dbos-deterministic


    @DBOS.dbos_class()
    class Other(Stamped, DBOSConfiguredInstance):
        def timestamp(self) -> float:
            return time.monotonic()

        @DBOS.workflow()
        def export(self) -> str:
            return self.stamp()  # E: dbos-deterministic
    """
    assert_found(tmp_path, program)


def test_a_generator_of_the_module_is_reported_beside_one_made_in_the_workflow(tmp_path: Path) -> None:
    program = """\
    import random

    from dbos_typed import DBOS

    rng = random.Random()
    seeded = random.Random(3)


    @DBOS.workflow()
    def run() -> float:
        here = random.Random()  # E: dbos-deterministic
        return (
            rng.random()  # E: dbos-deterministic
            + here.random()
            + seeded.random()
        )
    """
    assert_found(tmp_path, program)
