"""What certainly runs outside of workflows is told from what may run anywhere."""

from pathlib import Path

from tests.rules.programs import assert_found, findings

_UNUSED = """\
from dbos_typed import DBOS


def lonely() -> None:
    DBOS.set_event("k", 1)  # E: dbos-context


def used() -> None:
    DBOS.set_event("k", 1)


class Mixin:
    def method(self) -> None:
        DBOS.set_event("k", 1)
"""


def test_a_function_that_nothing_refers_to_is_reported_when_the_whole_program_is_known(tmp_path: Path) -> None:
    assert_found(tmp_path, {"helpers.py": _UNUSED, "other.py": "from helpers import used\n"})
    assert findings(tmp_path, {"helpers.py": _UNUSED, "other.py": ""}, is_whole=False) == []


def test_the_main_function_of_an_installed_command_is_outside(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import asyncio
        from dbos_typed import DBOS


        def ask() -> object:
            return DBOS.recv("t")


        @DBOS.workflow()
        def workflow() -> None:
            ask()


        async def serve() -> None:
            await DBOS.sleep_async(1)  # E: dbos-context


        def main() -> None:
            ask()  # E: dbos-context
            asyncio.run(serve())
        """,
    )


def test_a_function_that_may_run_anywhere_is_not_reported(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        import functools
        from dbos_typed import DBOS


        def decorate(function):
            @functools.wraps(function)
            def wrapper() -> None:
                DBOS.set_event("k", 1)
                function()
            return wrapper


        @decorate
        def decorated() -> None:
            DBOS.sleep(1)


        class Strategy:
            def run(self) -> None:
                DBOS.recv("t")


        @DBOS.step()
        def step(strategy, name: str) -> None:
            strategy.run()


        @DBOS.workflow()
        def workflow() -> None:
            decorated()
        """,
    )


def test_a_function_that_a_step_takes_from_a_table_is_reported(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        """\
        from dbos_typed import DBOS


        def helper() -> None:
            DBOS.sleep(1)


        TABLE = {"a": helper}


        @DBOS.step()
        def step(name: str) -> None:
            TABLE[name]()  # E: dbos-context
        """,
    )
