"""The simulation makes every call of the public interface that uses the database."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

from dbos_typed import DBOS, DBOSClient, Queue, WorkflowHandleAsync
from tests.simulation.laboratory import MODULES

HERE = Path(__file__).parent

WITHOUT_DATABASE = {
    # What is registered, configured or read from memory.
    *("DBOS.dbos_class", "DBOS.default_required_roles", "DBOS.required_roles", "DBOS.set_authentication"),
    "DBOS.register_exception",
    *("DBOS.health", "DBOS.settings", "DBOS.deactivate", "DBOSClient.know_classes"),
    # The life of the runtime: tests/faults and tests/durability.
    *("DBOS.launch", "DBOS.destroy", "DBOS.reset_system_database", "DBOSClient.destroy"),
    # Needs a broker.
    "DBOS.kafka_consumer",
    # The handle's id is in memory.
    "WorkflowHandleAsync.get_workflow_id",
    "WorkflowHandleAsync.adopt",
}
OWNERS = (DBOS, DBOSClient, Queue, WorkflowHandleAsync)
NAMES = {"DBOS": "DBOS", "client": "DBOSClient", "handle": "WorkflowHandleAsync", "queue": "Queue"}
"""How operations call the objects whose methods they call."""


def _calls() -> Iterator[str]:
    for module in MODULES:
        for node in ast.walk(ast.parse((HERE / f"{module}.py").read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in NAMES:
                yield f"{NAMES[node.value.id]}.{node.attr.removesuffix('_async')}"


def _methods() -> Iterator[str]:
    for owner in OWNERS:
        for name in dir(owner):
            member = inspect.getattr_static(owner, name)
            if not name.startswith("_") and isinstance(member, FunctionType | classmethod | staticmethod):
                yield f"{owner.__name__}.{name.removesuffix('_async')}"


@pytest.mark.parametrize("name", sorted({*_methods()} - WITHOUT_DATABASE))
def test_call_is_made_in_the_simulation(name: str) -> None:
    assert name in {*_calls()}, f"{name}: define an operation that calls it in {', '.join(MODULES)}"


def test_what_is_left_out_exists() -> None:
    assert {*_methods()} >= WITHOUT_DATABASE
