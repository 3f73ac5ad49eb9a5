from collections.abc import Generator

import pytest

from dbos_typed import DBOS


@DBOS.workflow()
def greet(name: str) -> str:
    DBOS.set_event("name", name)
    return name


@pytest.fixture
def runtime() -> Generator[None, None, None]:
    DBOS(config={"name": "tests"})
    DBOS.launch()
    yield
    DBOS.destroy()


@pytest.mark.usefixtures("runtime")
def test_greeting() -> None:
    handle = DBOS.start_workflow(greet, "ann")
    assert handle.get_result() == "ann"
    assert DBOS.get_event(handle.workflow_id, "name") == "ann"
    DBOS.sleep(1)  # E: dbos-context


@pytest.mark.parametrize("name", ["ann", "bob"])
def test_names(name: str) -> None:
    assert greet(name) == name
    DBOS.set_event("name", name)  # E: dbos-context
