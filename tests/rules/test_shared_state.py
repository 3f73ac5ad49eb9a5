"""Loops over sets and variables of modules, as far as they decide what a workflow does."""

from pathlib import Path

from tests.rules.programs import assert_found


def test_only_sets_in_whose_order_something_is_recorded_are_reported(tmp_path: Path) -> None:
    found = assert_found(
        tmp_path,
        """\
        import asyncio
        from dbos_typed import DBOS


        @DBOS.step()
        def step(value: str) -> None: ...


        @DBOS.step()
        async def astep(value: str) -> None: ...


        def helper(value: str) -> None:
            step(value)


        @DBOS.workflow()
        def flow(names: set[str], values: list[str]) -> None:
            for name in names:  # E: dbos-deterministic
                step(name)
            for name in {"a", *values}:  # E: dbos-deterministic
                helper(name)
            for name in set(values) | names:  # E: dbos-deterministic
                DBOS.set_event("name", name)
            ordered = list(names)
            for name in ordered:  # E: dbos-deterministic
                step(name)
            for name in sorted(names):
                step(name)
            for name in values:
                step(name)
            for name in names:
                print(name)
            each(names)  # E: dbos-deterministic
            while names:
                step(names.pop())  # E: dbos-deterministic


        def each(names: set[str]) -> None:
            for name in names:
                step(name)


        @DBOS.workflow()
        async def gathering(names: frozenset[str]) -> None:
            await asyncio.gather(*(astep(name) for name in names))  # E: dbos-deterministic
            await asyncio.gather(*(astep(name) for name in sorted(names)))
        """,
    )
    assert "sorted" in found[0].hint


def test_globals_that_the_program_changes(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        {
            "state.py": "COUNTER = 0\nSEEN: list[str] = []\nLIMITS = {'a': 1}\n",
            "flows.py": """\
                import itertools
                import state
                from dbos_typed import DBOS
                from state import LIMITS, SEEN

                RATE = 1.0
                FIXED = {"a": 1}
                HANDLERS: dict[str, object] = {}
                CACHE: dict[str, int] = {}
                NUMBERS = itertools.count()
                ENGINE = None


                def set_rate(rate: float) -> None:
                    global RATE
                    RATE = rate


                def register(name):
                    def decorate(function):
                        HANDLERS[name] = function
                        return function
                    return decorate


                def engine():
                    global ENGINE
                    if ENGINE is None:
                        ENGINE = object()
                    return ENGINE


                class Shop:
                    sold = 0
                    opened: list[str] = []
                    limit = 3


                def open_shop(name: str) -> None:
                    Shop.opened.append(name)


                class Only:
                    _one: "Only | None" = None

                    def __new__(cls) -> "Only":
                        if cls._one is None:
                            cls._one = super().__new__(cls)
                        return cls._one


                @register("a")
                def handler() -> None: ...


                @DBOS.step()
                def remember(key: str) -> None:
                    CACHE[key] = 1


                @DBOS.workflow()
                def flow(key: str) -> object:
                    rate = RATE  # E: dbos-deterministic
                    known = key in CACHE  # E: dbos-deterministic
                    SEEN.append(key)  # E: dbos-deterministic
                    state.COUNTER += 1  # E: dbos-deterministic
                    Shop.sold += 1  # E: dbos-deterministic
                    number = next(NUMBERS)  # E: dbos-deterministic
                    DBOS.set_event("opened", Shop.opened)  # E: dbos-deterministic
                    print(Shop.limit)
                    mine: list[str] = []
                    mine.append(key)
                    engine()
                    Only()
                    remember(key)
                    return HANDLERS[key], FIXED["a"], LIMITS["a"], rate, known, number
                """,
        },
    )
