"""What people write beside workflows, and what it looks like; nothing of it is to be reported."""

from pathlib import Path

from tests.rules.programs import assert_found, findings


def test_tests_that_expect_to_be_refused_are_silent(tmp_path: Path) -> None:
    program = """\
    from unittest import TestCase

    import pytest

    from dbos_typed import DBOS, error


    @DBOS.step()
    def step(n: int) -> int:
        return n


    def test_operations_of_workflows_are_refused() -> None:
        with pytest.raises(error.DBOSException):
            DBOS.recv("x")
        with pytest.raises(Exception, match="workflow"), step_is_seen():
            DBOS.set_event("x", 1)
        with pytest.raises(error.DBOSException):
            DBOS.sql_session.commit()
        DBOS.sleep(1)  # E: dbos-context


    def step_is_seen() -> None:
        pass


    class Refusals(TestCase):
        def test_steps_are_no_workflows(self) -> None:
            with self.assertRaises(error.DBOSException):
                DBOS.start_workflow(step, 1)
    """
    assert_found(tmp_path, {"test_app.py": program})


def test_addresses_that_tell_objects_apart_are_fine(tmp_path: Path) -> None:
    program = """\
    from dbos_typed import DBOS

    GRAPH = {"a": ["b"], "b": ["a"]}


    def cycle(name: str, seen: set[int]) -> bool:
        following = GRAPH[name]
        if id(following) in seen:
            return True
        seen.add(id(following))
        return any(cycle(each, seen) for each in following)


    @DBOS.workflow()
    def run(names: list[str]) -> str:
        by_id = {id(name): name for name in names}
        assert by_id[id(names[0])] == names[0]
        if cycle("a", set()):
            return f"{id(names)}"  # E: dbos-deterministic
        return ""
    """
    assert_found(tmp_path, program)


def test_a_registry_that_other_modules_fill_is_read(tmp_path: Path) -> None:
    program = {
        "app/__init__.py": "",
        "app/registry.py": """\
            from collections.abc import Callable

            HANDLERS: dict[str, Callable[[str], str]] = {}
            SEEN: list[str] = []


            def register_handler(kind: str, handler: Callable[[str], str]) -> None:
                HANDLERS[kind] = handler


            def note(name: str) -> None:
                SEEN.append(name)
            """,
        "app/plugin.py": """\
            from app.registry import note, register_handler
            from dbos_typed import DBOS


            @DBOS.step()
            def greet(name: str) -> str:
                note(name)
                return name


            register_handler("greet", greet)
            """,
        "app/flows.py": """\
            from app.registry import HANDLERS, SEEN
            from dbos_typed import DBOS


            @DBOS.workflow()
            def run(kind: str) -> str:
                if SEEN:  # E: dbos-deterministic
                    return ""
                return HANDLERS[kind]("x")
            """,
    }
    assert_found(tmp_path, program)


def test_names_of_standard_modules_that_are_not_them(tmp_path: Path) -> None:
    program = {
        "app/__init__.py": "",
        "app/clock.py": """\
            import time as _time
            from datetime import datetime, timezone

            from dbos_typed import DBOS


            @DBOS.step()
            def now() -> datetime:
                return datetime.now(timezone.utc)


            @DBOS.step()
            def time() -> float:
                return _time.time()


            def sleep(seconds: float) -> None:
                DBOS.sleep(seconds)
            """,
        "app/flows.py": """\
            from datetime import datetime, timedelta

            from app import clock as time
            from app.clock import now, sleep
            from dbos_typed import DBOS


            class Clock:
                def __init__(self, moment: datetime) -> None:
                    self.moment = moment

                def now(self) -> datetime:
                    return self.moment

                def sleep(self, seconds: float) -> None:
                    self.moment += timedelta(seconds=seconds)


            def open(name: str) -> str:
                return name.upper()


            class random:
                @staticmethod
                def choice(items: list[str]) -> str:
                    return items[0]


            @DBOS.workflow()
            def run(requests: list[str], secrets: dict[str, str]) -> str:
                datetime = Clock(now())
                datetime.sleep(3)
                sleep(time.time())
                for socket in requests:
                    secrets.get(socket, random.choice(requests))
                return open(str(datetime.now() + timedelta(1)))
            """,
    }
    assert findings(tmp_path, program) == []
