"""What the rules know of the runtime's operations agrees with the runtime."""

import pytest

from dbos_gen.vocabulary import operations
from dbos_gen.vocabulary.libraries import RUNTIME_NAMES, RUNTIME_RESULTS
from dbos_gen.vocabulary.operations import ExecutionContext, Group
from dbos_typed import DBOS, Queue, __all__

_BLOCKING = sorted(name for name in dir(DBOS) if not name.startswith("_") and hasattr(DBOS, f"{name}_async"))


# The package `dbos`, whose modules are checked too, has these.
_OF_DBOS_ONLY = {"enqueue", "register_queue", "retrieve_queue"}


def test_every_blocking_form_with_a_coroutine_form_is_known() -> None:
    assert len(_BLOCKING) > 20
    assert [name for name in _BLOCKING if not operations.has_coroutine_form(f"DBOS.{name}")] == []
    assert operations.has_coroutine_form("Queue().enqueue")
    assert not operations.has_coroutine_form("DBOS.launch")


def test_what_is_known_exists() -> None:
    grouped = [name for name in dir(DBOS) if operations.group_of_call(f"DBOS.{name}") is not None]
    assert {"recv", "recv_async", "sleep", "set_event", "patch", "read_stream", "send", "start_workflow"} <= {*grouped}
    for name in operations.WORKFLOW_ONLY | operations.STREAM_WRITERS:
        assert hasattr(DBOS, name)
        assert hasattr(DBOS, f"{name}_async")
    for name in RUNTIME_RESULTS:
        owner, _, method = name.rpartition(".")
        if owner == "DBOS" and method.removesuffix("_async") not in _OF_DBOS_ONLY:
            assert hasattr(DBOS, method), name
        elif owner == "Queue()":
            assert hasattr(Queue, method), name
    assert set(__all__) >= RUNTIME_NAMES


@pytest.mark.parametrize("group", list(Group))
def test_every_group_is_refused_somewhere_and_says_why(group: Group) -> None:
    refused = operations.REFUSED[group]
    assert refused
    assert refused <= set(ExecutionContext)
