"""The services outside, which applications reach through the module `wire`, and a ledger of what they were asked."""

from __future__ import annotations

import re
import threading
import types
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from dbos_typed.core import context
from tests.codegen.edits.edit import Scenario

MODULE = "wire"
_TREE = re.compile(r"[a-z]+@\d\d")


def tree_id(scenario: str, number: int) -> str:
    """Return the id of the root of a tree of workflows."""
    return f"{scenario}@{number:02}"


def tree_of(workflow_id: str) -> str:
    """Return the id of the tree that a workflow belongs to."""
    found = _TREE.search(workflow_id)
    assert found is not None, f"{workflow_id} belongs to no scenario"
    return found[0]


def neutral(text: str) -> str:
    """Return a text without the id of its tree."""
    return _TREE.sub("ID", text)


class Services:
    """Answers requests as each scenario says, and counts those that change something."""

    def __init__(self, scenarios: Mapping[str, Scenario]) -> None:
        self._scenarios = scenarios
        self._lock = threading.Lock()
        self.ledger: dict[str, Counter[str]] = {}

    def module(self) -> types.ModuleType:
        """Return the client library, to be imported by applications."""
        module = types.ModuleType(MODULE)
        refused = type("Refused", (Exception,), {"__module__": MODULE})
        vars(module).update(Refused=refused, post=self._post(refused), get=self._get(refused))
        return module

    def _post(self, refused: type[Exception]) -> Callable[..., Any]:
        def post(path: str, **_details: Any) -> Any:
            with self._lock:
                self.ledger.setdefault(_tree(), Counter())[neutral(path)] += 1
            return self._reply(path, refused)

        return post

    def _get(self, refused: type[Exception]) -> Callable[..., Any]:
        def get(path: str, **_details: Any) -> Any:
            return self._reply(path, refused)

        return get

    def _reply(self, path: str, refused: type[Exception]) -> Any:
        replies = self._scenarios[_tree().partition("@")[0]].replies
        for pattern, reply in replies.items():
            if re.search(pattern, path):
                if isinstance(reply, str) and reply.startswith("refuse: "):
                    raise refused(reply.removeprefix("refuse: "))
                return reply
        return None


def _tree() -> str:
    run = context.current().run
    assert run is not None, "a service is asked outside of workflows"
    return tree_of(run.workflow_id)
