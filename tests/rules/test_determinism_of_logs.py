"""What only people read is a note of its own, off until it is enabled; what decides anything stays a finding."""

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


def test_what_stands_in_a_log_call_or_reaches_one_by_a_variable(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import logging, os, time, warnings, sys
        from datetime import datetime
        from uuid import uuid4
        import structlog
        from loguru import logger as loguru_logger
        from dbos_typed import DBOS

        logger = logging.getLogger(__name__)
        log = structlog.get_logger()

        @DBOS.step()
        def work(name: str) -> str:
            return name

        @DBOS.workflow()
        def flow(name: str) -> str:
            start = time.time()  # E: dbos-deterministic-log
            logger.info("pid %s", os.getpid())  # E: dbos-deterministic-log
            print(f"started at {datetime.now():%H:%M}")  # E: dbos-deterministic-log
            DBOS.logger.warning("run %s", uuid4().hex[:8])  # E: dbos-deterministic-log
            log.info("begin", at=datetime.now().isoformat())  # E: dbos-deterministic-log
            loguru_logger.info("begin {}", time.monotonic())  # E: dbos-deterministic-log
            logging.info("x %s", os.environ.get("HOST", "none"))  # E: dbos-deterministic-log
            warnings.warn(f"late {time.time()}")  # E: dbos-deterministic-log
            log.bind(pid=os.getpid()).info("x")  # E: dbos-deterministic-log
            result = work(name)
            elapsed = time.time() - start  # E: dbos-deterministic-log
            logger.info("took %.2f", elapsed)
            logger.info("took %.2f", time.time() - start)  # E: dbos-deterministic-log
            if logger.isEnabledFor(logging.DEBUG):
                logger.debug("at %s", time.perf_counter())  # E: dbos-deterministic-log
            return result
        """,
    )


def test_what_reaches_anything_else_stays_a_finding(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import logging, os, time
        from datetime import datetime
        from uuid import uuid4
        from dbos_typed import DBOS

        logger = logging.getLogger(__name__)

        @DBOS.step()
        def work(name: str, at: float = 0.0) -> str:
            return name

        @DBOS.workflow()
        def returned(name: str) -> float:
            start = time.time()  # E: dbos-deterministic
            work(name)
            elapsed = time.time() - start  # E: dbos-deterministic
            logger.info("took %s", elapsed)
            return elapsed

        @DBOS.workflow()
        def stepped(name: str) -> None:
            at = time.time()  # E: dbos-deterministic
            logger.info("at %s", at)
            work(name, at)

        @DBOS.workflow()
        def branched(name: str) -> None:
            start = time.time()  # E: dbos-deterministic
            logger.info("start %s", start)
            while time.time() - start < 10:  # E: dbos-deterministic
                work(name)

        @DBOS.workflow()
        def event(name: str) -> None:
            run = str(uuid4())  # E: dbos-deterministic
            logger.info("run %s", run)
            DBOS.set_event("run", run)

        @DBOS.workflow()
        def stored(name: str) -> dict[str, float]:
            timings: dict[str, float] = {}
            timings["a"] = time.time()  # E: dbos-deterministic
            print(timings)
            return timings

        @DBOS.workflow()
        def appended(name: str) -> None:
            found = []
            found.append(time.time())  # E: dbos-deterministic
            print(found)
            work(str(found))

        @DBOS.workflow()
        def conditional(name: str) -> None:
            slow = time.time() > 5  # E: dbos-deterministic
            if slow:
                work(name)

        @DBOS.workflow()
        def raised(name: str) -> None:
            raise ValueError(f"at {time.time()}")  # E: dbos-deterministic

        @DBOS.workflow()
        def walrus(name: str) -> None:
            print(at := time.time())  # E: dbos-deterministic
            work(name, at)

        @DBOS.workflow()
        def augmented(name: str) -> float:
            total = 0.0
            total += time.time()  # E: dbos-deterministic
            print(total)
            return total

        @DBOS.workflow()
        def closed_over(name: str) -> None:
            at = time.time()  # E: dbos-deterministic
            def inner() -> None:
                work(name, at)
            inner()
            print(at)

        @DBOS.workflow()
        def slow_only_logs(name: str) -> None:
            start = time.time()  # E: dbos-deterministic-log
            work(name)
            if time.time() - start > 5:  # E: dbos-deterministic-log
                logger.warning("slow")
            else:
                logger.info("fast")
        """,
    )


def test_values_are_followed_through_helpers(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import functools, logging, time, os
        from contextlib import contextmanager
        from datetime import datetime, timezone
        from uuid import uuid4
        from dbos_typed import DBOS

        logger = logging.getLogger(__name__)

        def log_line(text: str) -> None:
            logger.info("%s %s", datetime.now().isoformat(), text)

        def stamp() -> str:
            return datetime.now(timezone.utc).isoformat()

        def report(label: str, start: float) -> None:
            logger.info("%s took %s", label, time.perf_counter() - start)

        def say(value: object) -> None:
            print(value)

        def say_twice(value: object) -> None:
            say(value)

        def saves(value: object) -> None:
            work(str(value))

        @contextmanager
        def timed(name: str):
            start = time.perf_counter()
            try:
                yield
            finally:
                logger.info("%s: %s", name, time.perf_counter() - start)

        @DBOS.step()
        def work(name: str) -> str:
            return name

        class Timer:
            def __enter__(self):
                self.start = time.time()
                return self
            def __exit__(self, *args):
                self.elapsed = time.time() - self.start

        @DBOS.workflow()
        def flow(name: str) -> str:
            log_line("begin")  # E: dbos-deterministic-log
            start = time.perf_counter()  # E: dbos-deterministic-log
            report("work", start)  # E: dbos-deterministic-log
            say(time.time())  # E: dbos-deterministic-log
            say_twice(os.getpid())  # E: dbos-deterministic-log
            logger.info("now %s", stamp())  # E: dbos-deterministic-log
            with timed("work"):  # E: dbos-deterministic-log
                work(name)
            return name

        @DBOS.workflow()
        def loud(name: str) -> str:
            saves(time.time())  # E: dbos-deterministic
            work(stamp())  # E: dbos-deterministic
            at = stamp()  # E: dbos-deterministic
            logger.info("at %s", at)
            with Timer() as timer:  # E: dbos-deterministic
                work(name)
            return name + str(timer.elapsed) + at
        """,
    )


def test_what_happens_again_is_no_mere_value(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import logging, requests, subprocess, random, time
        from dbos_typed import DBOS
        logger = logging.getLogger(__name__)

        @DBOS.workflow()
        def flow(name: str) -> None:
            logger.info("answer %s", requests.get("https://x").text)  # E: dbos-deterministic
            print(open("x").read())  # E: dbos-deterministic
            print(subprocess.run(["ls"]))  # E: dbos-deterministic
            print(random.random())  # E: dbos-deterministic-log
            logger.info("roll %s", random.choice([1, 2]))  # E: dbos-deterministic-log
            time.sleep(1)  # E: dbos-deterministic
        """,
    )


def test_durations_of_an_agent(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import asyncio, logging, time
        from dbos_typed import DBOS
        logger = logging.getLogger("agent")

        @DBOS.step()
        async def llm(prompt: str) -> str:
            return prompt

        @DBOS.step()
        async def tool(name: str) -> str:
            return name

        @DBOS.workflow()
        async def agent(goal: str) -> str:
            t0 = time.perf_counter()  # E: dbos-deterministic-log
            history = [goal]
            for turn in range(5):
                t1 = time.perf_counter()  # E: dbos-deterministic-log
                answer = await llm("\\n".join(history))
                logger.info("turn %d took %.1fms", turn, (time.perf_counter() - t1) * 1000)  # E: dbos-deterministic-log
                if answer.startswith("DONE"):
                    break
                history.append(await tool(answer))
            duration_ms = round((time.perf_counter() - t0) * 1000, 2)  # E: dbos-deterministic-log
            logger.info("agent done", extra={"duration_ms": duration_ms, "turns": len(history)})
            return history[-1]

        @DBOS.workflow()
        async def agent_with_budget(goal: str) -> str:
            t0 = time.perf_counter()  # E: dbos-deterministic
            history = [goal]
            while time.perf_counter() - t0 < 60:  # E: dbos-deterministic
                history.append(await llm(history[-1]))
                logger.info("elapsed %s", time.perf_counter() - t0)  # E: dbos-deterministic-log
            return history[-1]

        @DBOS.workflow()
        async def agent_result(goal: str) -> dict[str, object]:
            started = time.time()  # E: dbos-deterministic
            answer = await llm(goal)
            return {"answer": answer, "seconds": time.time() - started}  # E: dbos-deterministic
        """,
    )


def test_prefixes_and_durations_of_a_nightly_run(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import logging, time, os, socket
        from datetime import datetime
        from dbos_typed import DBOS
        logger = logging.getLogger(__name__)

        @DBOS.step()
        def extract(day: str) -> list[int]:
            return []

        @DBOS.transaction()
        def load(rows: list[int]) -> int:
            return len(rows)

        @DBOS.workflow()
        def etl(day: str) -> int:
            started_at = datetime.now()  # E: dbos-deterministic-log
            host = socket.gethostname()  # E: dbos-deterministic-log
            pid = os.getpid()  # E: dbos-deterministic-log
            prefix = f"[{host}:{pid}]"
            logger.info("%s etl for %s started at %s", prefix, day, started_at)
            try:
                rows = extract(day)
                count = load(rows)
            except Exception:
                logger.exception("%s failed after %s", prefix, datetime.now() - started_at)  # E: dbos-deterministic-log
                raise
            finished = datetime.now()  # E: dbos-deterministic-log
            logger.info("%s done in %s, %s rows", prefix, (finished - started_at).total_seconds(), count)
            return count

        @DBOS.workflow()
        def etl_default_day(day: str | None = None) -> int:
            day = day or datetime.now().strftime("%Y-%m-%d")  # E: dbos-deterministic
            logger.info("day %s", day)
            return load(extract(day))

        @DBOS.workflow()
        def etl_lock(day: str) -> int:
            owner = f"{socket.gethostname()}:{os.getpid()}"  # E: dbos-deterministic
            logger.info("owner %s", owner)
            DBOS.set_event("owner", owner)
            return 0
        """,
    )


def test_what_is_dropped_or_kept_elsewhere_may_be_a_mistake(tmp_path: Path) -> None:
    _assert_found(
        tmp_path,
        """\
        import time
        from dbos_typed import DBOS

        @DBOS.workflow()
        def flow() -> None:
            start = time.time()  # E: dbos-deterministic
            time.time()  # E: dbos-deterministic
            holder = type("H", (), {})
            holder.start = time.time()  # E: dbos-deterministic
        """,
    )


def test_a_comment_of_either_code_silences_it(tmp_path: Path) -> None:
    program = """\
        import time
        from dbos_typed import DBOS


        def hurried() -> None:
            print(time.time())  # dbos: ignore[dbos-deterministic]


        def told() -> None:
            print(time.time())  # dbos: ignore[dbos-deterministic-log]


        def decisive() -> float:
            return time.time()  # dbos: ignore[dbos-deterministic-log]


        @DBOS.workflow()
        def flow() -> float:
            print(time.time())  # dbos: ignore[dbos-deterministic]
            print(time.time())  # dbos: ignore[dbos-deterministic-log]
            print(time.time())  # dbos: ignore
            hurried()
            told()
            DBOS.set_event("at", time.time())  # dbos: ignore[dbos-deterministic-log] # E: dbos-deterministic
            return decisive()  # E: dbos-deterministic
        """
    _assert_found(tmp_path, program)
