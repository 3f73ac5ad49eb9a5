"""What looks as if only people read it, and what they read that looks like more."""

from pathlib import Path

from dbos_gen.sources.rule_options import RuleOptions
from dbos_gen.vocabulary.findings import OPTIONAL
from tests.rules.programs import assert_found, findings

_ENABLED = RuleOptions(enable=OPTIONAL)


def _assert_found(folder: Path, program: str) -> None:
    """Check a program with the notes, and that they alone are gone without them."""
    told = assert_found(folder, program, options=_ENABLED)
    kept = {(each.line, each.code) for each in told if each.code not in OPTIONAL}
    assert {(each.line, each.code) for each in findings(folder, program)} == kept


def test_what_looks_like_a_log_and_is_none(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import functools
        import logging
        import math
        import os
        import random
        import sys
        import time
        from prometheus_client import Histogram
        from dbos_typed import DBOS

        logger = logging.getLogger(__name__)
        SECONDS = Histogram("seconds", "How long")
        POOL = []


        class Journal:
            def info(self, value: object) -> None:
                DBOS.set_event("journal", value)

            def debug(self, value: object) -> None:
                print(value)


        class Account:
            def __init__(self) -> None:
                self.log = logging.getLogger("account")

            def note(self, value: object) -> None:
                self.log.info(value)


        @DBOS.step()
        def work(name: str, *values: object) -> bool:
            return True


        def log(value: object) -> None:
            work("log", value)


        def both(value: float) -> float:
            logger.info(value)
            return value


        def again(value: float, count: int) -> None:
            if count:
                again(value, count - 1)
            logger.info(value)


        def fields(message: str, **extra: object) -> None:
            logger.info(message, extra=extra)


        def fields_kept(message: str, **extra: object) -> None:
            fields(message, **extra)
            work(message, extra)


        @functools.cache
        def of_the_process() -> int:
            return os.getpid()


        def stamp_twice() -> float:
            logger.info(stamp())
            return stamp()


        def stamp() -> float:
            return time.time()


        def fill(name: str) -> None:
            POOL.append(name)


        @DBOS.workflow()
        def flow(name: str, path: str) -> None:
            journal, account = Journal(), Account()
            journal.info(time.time())  # E: dbos-deterministic
            log(time.time())  # E: dbos-deterministic
            print(time.time(), file=open(path, "w"))  # E: dbos-deterministic
            print(time.time(), file=sys.stderr)  # E: dbos-deterministic-log
            account.note(time.time())  # E: dbos-deterministic-log
            both(time.time())  # E: dbos-deterministic-log
            logger.info(both(time.time()))  # E: dbos-deterministic-log
            again(time.time(), 3)  # E: dbos-deterministic
            fields("at", at=time.time())  # E: dbos-deterministic-log
            fields_kept("at", at=time.time())  # E: dbos-deterministic
            stamp_twice()  # E: dbos-deterministic
            logger.info(stamp_twice())  # E: dbos-deterministic-log
            work(name, stamp_twice())  # E: dbos-deterministic
            logger.info(math.floor(time.time()))  # E: dbos-deterministic-log
            logger.info("%s", work(name, time.time()))  # E: dbos-deterministic
            logger.info("%s", os.environ["HOST"])  # E: dbos-deterministic-log
            SECONDS.observe(time.time())  # E: dbos-deterministic-log
            if time.time() > 5:  # E: dbos-deterministic
                logger.info("%s", work(name))
            if time.time() > 5 and work(name):  # E: dbos-deterministic
                logger.info("late")
            if time.time() > 5:  # E: dbos-deterministic
                return
            logger.info("%s", "late" if time.time() > 5 else "early")  # E: dbos-deterministic-log
            logger.info("%s", work(name) if time.time() > 5 else "early")  # E: dbos-deterministic
            try:
                logger.info("%s", os.environ["HOST"])  # E: dbos-deterministic
            except KeyError:
                work(name)
            told = {"at": time.time()}  # E: dbos-deterministic-log
            told["pid"] = os.getpid()  # E: dbos-deterministic-log
            logger.info("run", extra=told)
            kept = {"at": time.time()}  # E: dbos-deterministic
            also = kept
            work(name, also)
            account.at = time.time()  # E: dbos-deterministic
            now = time.time()  # E: dbos-deterministic
            later = lambda: work(name, now)
            later()
            print(now)
            random.shuffle(POOL)  # E: dbos-deterministic
            print(POOL)  # E: dbos-deterministic-log
            print(POOL.pop())  # E: dbos-deterministic
            print(of_the_process())  # E: dbos-deterministic-log
            of_times = [time.time() for _ in name]  # E: dbos-deterministic
            for each in of_times:
                work(name, each)
        """,
    )
