"""Constants that helpers pass on to other helpers decide what those run."""

from pathlib import Path

from tests.rules.programs import assert_found


def test_flags_are_followed_through_helpers(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from uuid import uuid4
        from dbos_typed import DBOS

        def inner(force: bool) -> str:
            if force:
                return uuid4().hex
            return "same"

        def helper(order: str, force: bool = False) -> str:
            return order + inner(force)

        def outer(order: str, *, force: bool = False) -> str:
            return helper(order, force=force)

        def spread(*args: object, **kwargs: object) -> str:
            return inner(*args)  # type: ignore

        def spread_words(**kwargs: bool) -> str:
            return inner(**kwargs)

        def rebinds(force: bool = False) -> str:
            force = bool(DBOS.workflow_id)
            return inner(force)

        def negated(fresh: bool) -> str:
            return inner(not fresh)

        def compared(mode: str) -> str:
            return inner(mode == "force")

        def mode_of(mode: str = "none") -> str:
            if mode == "force":
                return inner(True)
            return inner(False)

        def optional(key: str | None = None) -> str:
            return key or uuid4().hex

        def passes_optional(key: str | None = None) -> str:
            return optional(key)

        def local_flag(order: str) -> str:
            force = False
            return inner(force)

        @DBOS.workflow()
        def silent(order: str) -> str:
            helper(order)
            helper(order, False)
            helper(order, force=False)
            outer(order)
            outer(order, force=False)
            negated(True)
            negated(fresh=True)
            compared("soft")
            mode_of()
            mode_of("soft")
            passes_optional(order)
            local_flag(order)
            return order

        @DBOS.workflow()
        def loud(order: str, force: bool) -> str:
            helper(order, True)  # E: dbos-deterministic
            helper(order, force)  # E: dbos-deterministic
            outer(order, force=True)  # E: dbos-deterministic
            outer(order, force=force)  # E: dbos-deterministic
            spread(False)  # E: dbos-deterministic
            spread_words(force=False)  # E: dbos-deterministic
            rebinds(False)  # E: dbos-deterministic
            negated(False)  # E: dbos-deterministic
            compared("force")  # E: dbos-deterministic
            mode_of("force")  # E: dbos-deterministic
            passes_optional()  # E: dbos-deterministic
            passes_optional(None)  # E: dbos-deterministic
            return order
        """,
    )


def test_flags_are_followed_through_methods_and_overriding_ones(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import time
        from dataclasses import dataclass
        from dbos_typed import DBOS

        class Client:
            def __init__(self, live: bool = False) -> None:
                self.live = live

            def send(self, text: str, stamped: bool = False) -> str:
                return self._send(text, stamped)

            def _send(self, text: str, stamped: bool) -> str:
                return self._format(text, with_time=stamped)

            @staticmethod
            def _format(text: str, *, with_time: bool = True) -> str:
                if not with_time:
                    return text
                return f"{time.time()} {text}"

            @classmethod
            def make(cls, live: bool = False) -> "Client":
                return cls(live)

        class Base:
            def run(self, dry: bool = True) -> str:
                return self.work(dry)

            def work(self, dry: bool) -> str:
                raise NotImplementedError

        class Derived(Base):
            def work(self, dry: bool) -> str:
                if dry:
                    return "dry"
                return str(time.time())

        @DBOS.workflow()
        def flow(text: str) -> None:
            client = Client()
            client.send(text)
            client.send(text, False)
            client.send(text, stamped=False)
            client.send(text, True)  # E: dbos-deterministic
            client.send(text, stamped=True)  # E: dbos-deterministic
            Derived().run()
            Derived().run(True)
            Derived().run(False)  # E: dbos-deterministic
            Derived().run(dry=False)  # E: dbos-deterministic
        """,
    )


def test_flags_are_followed_into_recursion_loops_and_closures(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import random
        from dbos_typed import DBOS

        def retry(n: int, jitter: bool = True) -> int:
            if n == 0:
                return backoff(n, jitter)
            return retry(n - 1, jitter)

        def backoff(n: int, jitter: bool) -> int:
            return n + (random.randint(0, 3) if jitter else 0)

        def loop(n: int, jitter: bool) -> int:
            for _ in range(n):
                jitter = not jitter
                backoff(n, jitter)
            return 0

        def wrapped(n: int, jitter: bool = False) -> int:
            def nested(k: int) -> int:
                return backoff(k, jitter)
            return nested(n)

        def in_lambda(n: int, jitter: bool = False) -> int:
            act = lambda k: backoff(k, jitter)
            return act(n)

        @DBOS.workflow()
        def flow() -> int:
            retry(3, False)
            retry(3, jitter=False)
            retry(3)  # E: dbos-deterministic
            loop(3, False)  # E: dbos-deterministic
            wrapped(3)
            wrapped(3, False)
            wrapped(3, True)  # E: dbos-deterministic
            in_lambda(3)
            in_lambda(3, True)  # E: dbos-deterministic
            return 1
        """,
    )


def test_flags_are_followed_through_coroutines(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import asyncio, os
        from datetime import datetime
        from dbos_typed import DBOS

        async def stamp(payload: dict[str, str], now: datetime | None, tag: str = "") -> dict[str, str]:
            when = now if now is not None else datetime.now()
            return {**payload, "at": when.isoformat(), "tag": tag}

        async def publish(payload: dict[str, str], *, now: datetime | None = None, dry_run: bool = False) -> None:
            if dry_run:
                return
            await stamp(payload, now)

        async def publish_all(payloads: list[dict[str, str]], now: datetime, dry_run: bool) -> None:
            await asyncio.gather(*(publish(p, now=now, dry_run=dry_run) for p in payloads))

        @DBOS.workflow()
        async def flow(payloads: list[dict[str, str]], now: datetime) -> None:
            await publish_all(payloads, now, False)
            await publish_all(payloads, now, dry_run=True)
            for p in payloads:
                await publish(p, now=now)
                await publish(p, dry_run=True)
                await publish(p)  # E: dbos-deterministic
        """,
    )


def test_names_that_change_elsewhere_are_no_constants(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import time
        from dbos_typed import DBOS

        VERBOSE = False


        def inner(force: bool) -> float:
            return time.time() if force else 0.0


        def by_inner_function() -> float:
            force = False

            def enable() -> None:
                nonlocal force
                force = True

            enable()
            return inner(force)


        def by_comprehension(force: bool = False) -> list[float]:
            return [inner(force) for force in (True, False)]


        def by_walrus(force: bool = False) -> float:
            if (force := len("x") > 0):
                return inner(force)
            return 0.0


        def by_loop(count: int) -> None:
            force = False
            for _ in range(count):
                inner(force)
                force = True


        def by_try(count: int) -> None:
            failed = False
            try:
                DBOS.set_event("count", 1 // count)
            except ZeroDivisionError:
                failed = True
            inner(failed)


        def by_match(kind: str) -> None:
            force = False
            match kind:
                case "a":
                    force = True
                case _:
                    force = False
            inner(force)


        def by_branch(kind: str) -> None:
            force = False
            if kind:
                force = True
            inner(force)


        def on_every_branch(kind: str) -> None:
            if kind:
                force = False
            else:
                force = False
            inner(force)


        def of_the_module() -> float:
            return inner(VERBOSE)


        @DBOS.workflow()
        def flow(kind: str) -> None:
            by_inner_function()  # E: dbos-deterministic
            by_comprehension()  # E: dbos-deterministic
            by_walrus()  # E: dbos-deterministic
            by_loop(2)  # E: dbos-deterministic
            by_try(2)  # E: dbos-deterministic
            by_match(kind)  # E: dbos-deterministic
            by_branch(kind)  # E: dbos-deterministic
            on_every_branch(kind)
            of_the_module()  # E: dbos-deterministic
        """,
    )


def test_conditions_of_every_kind_are_followed(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from uuid import uuid4
        from dbos_typed import DBOS

        def matched(mode: str) -> str:
            match mode:
                case "fresh" | "new":
                    return uuid4().hex
                case "kept":
                    return "kept"
                case other:
                    return other

        def always(mode: str) -> str:
            match mode:
                case "kept":
                    return "kept"
                case _:
                    return uuid4().hex

        def optional(key: str | None) -> str:
            match key:
                case None:
                    return uuid4().hex
                case str():
                    return key

        def guarded(mode: str, force: bool) -> str:
            match mode:
                case "fresh" if force:
                    return uuid4().hex
                case _:
                    return mode

        def among(mode: str) -> str:
            return uuid4().hex if mode in ("fresh", "new") else mode

        def not_among(mode: str) -> str:
            if mode not in {"kept", "old"}:
                return uuid4().hex
            return mode

        def itself(force: bool | int) -> str:
            if force is True:
                return uuid4().hex
            return "same"

        def both(force: bool, ready: bool) -> str:
            return itself(force and ready)

        def either(mode: str | None) -> str:
            return among(mode or "kept")

        def chosen(force: bool) -> str:
            return among("fresh" if force else "kept")

        def converted(count: int) -> str:
            return itself(bool(count))

        @DBOS.workflow()
        def silent(order: str, key: str) -> str:
            matched("kept")
            matched("anything")
            always("kept")
            optional(key)
            guarded("kept", True)
            guarded("fresh", False)
            among("kept")
            not_among("old")
            itself(False)
            itself(1)
            both(False, bool(order))
            chosen(False)
            converted(0)
            return order

        @DBOS.workflow()
        def loud(order: str, force: bool) -> str:
            matched("new")  # E: dbos-deterministic
            matched(order)  # E: dbos-deterministic
            always("fresh")  # E: dbos-deterministic
            optional(None)  # E: dbos-deterministic
            guarded("fresh", force)  # E: dbos-deterministic
            among("new")  # E: dbos-deterministic
            among(order)  # E: dbos-deterministic
            not_among("fresh")  # E: dbos-deterministic
            itself(True)  # E: dbos-deterministic
            itself(force)  # E: dbos-deterministic
            both(True, True)  # E: dbos-deterministic
            both(force, True)  # E: dbos-deterministic
            either(order)  # E: dbos-deterministic
            chosen(True)  # E: dbos-deterministic
            chosen(force)  # E: dbos-deterministic
            converted(1)  # E: dbos-deterministic
            return order
        """,
    )


def test_what_binds_a_name_again_ends_what_is_known_of_it(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from uuid import uuid4
        from dbos_typed import DBOS

        def caught(force: object = False) -> str:
            try:
                DBOS.get_event("other", "key")
            except ValueError as force:
                if force:
                    return uuid4().hex
            return "same"

        def captured(force: object, other: object) -> str:
            match other:
                case force:
                    return uuid4().hex if force else "same"

        def mapped(force: object, other: object) -> str:
            match other:
                case {"a": 1, **force}:
                    return uuid4().hex if force else "same"
            return "same"

        def imported(debug: bool = False) -> str:
            from flags import debug
            return uuid4().hex if debug else "same"

        @DBOS.workflow()
        def loud(order: str) -> str:
            caught()  # E: dbos-deterministic
            captured(False, order)  # E: dbos-deterministic
            mapped(False, order)  # E: dbos-deterministic
            imported()  # E: dbos-deterministic
            return order
        """,
    )
