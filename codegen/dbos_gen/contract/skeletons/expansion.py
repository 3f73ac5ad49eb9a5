"""How far the helpers of a workflow are followed: each once for what it is passed, and up to a size."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from dbos_gen.contract.lock import skeleton_json
from dbos_gen.program.workflows.called import Helper
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.python.values.values import Passed, identity
from dbos_gen.vocabulary.contracts import Opaque, Skeleton, bodies

_MAX_DEPTH = 30
# Comparing two skeletons gives up at 20,000 states, and a call may take several.
_MAX_NODES = 10_000
_MAX_WORK = 10_000
"""Bodies of helpers that are read for one workflow, where a body of many nodes counts for several."""
_NODES_LIKE_A_BODY = 50

_Key: TypeAlias = tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class BodyReading:
    """The body of a function being read: the functions that are being read around it, and what its reading met."""

    active: tuple[int, ...]
    entered: set[int] = field(default_factory=set[int])
    recursed: set[int] = field(default_factory=set[int])
    """Functions around it that it calls again."""
    nodes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    body: Skeleton
    size: int
    entered: frozenset[int]
    recursed: frozenset[int]

    def holds(self, active: tuple[int, ...]) -> bool:
        """Whether reading again among these functions would give the same."""
        return self.recursed.issubset(active) and self.entered.isdisjoint(active)


class Expansion:
    """The helpers of one workflow."""

    def __init__(self, callees: Callees) -> None:
        self._callees = callees
        self._scopes: dict[_Key, FunctionScope] = {}
        self._keys: dict[int, _Key] = {}
        self._values: dict[int, dict[str, _Key]] = {}
        self._known: dict[tuple[_Key, int], _Known] = {}
        self._work = 0

    def scope(self, call: ast.Call | None, caller: FunctionScope, helper: Helper) -> FunctionScope:
        """Return the scope of a helper with what a call passes, the same one for calls that pass the same."""
        inner = self._callees.bind(call, caller, helper)
        values = {name: self._given(passed) for name, passed in inner.given.items()}
        around = () if inner.outer is None else self._place(inner.outer)
        key = (id(inner.node), around, tuple(values.items()), identity(inner.receiver))
        if key not in self._scopes:
            self._scopes[key] = inner
            self._keys[id(inner)] = key
            self._values[id(inner)] = values
        return self._scopes[key]

    def body(
        self, inner: FunctionScope, around: BodyReading, read: Callable[[FunctionScope, BodyReading], Skeleton]
    ) -> Skeleton:
        """Return what a helper records, read by ``read`` unless that is known."""
        name, place = inner.node.name, id(inner.node)
        if place in around.active or len(around.active) > _MAX_DEPTH:
            around.recursed.update({place} & set(around.active))
            return (Opaque(text=f"{name}, which calls itself"),)
        slot = (self._keys[id(inner)], len(around.active))
        known = self._known.get(slot)
        if known is None or not known.holds(around.active):
            if self._work >= _MAX_WORK:
                return (Opaque(text=f"{name}, which is called in too many ways"),)
            reading = BodyReading(active=(*around.active, place))
            body = read(inner, reading)
            size = _size(body)
            self._work += 1 + size // _NODES_LIKE_A_BODY
            if size > _MAX_NODES:
                body, size = _summary(body, name), 1
            recursed = frozenset(reading.recursed - {place})
            known = _Known(body=body, size=size, entered=frozenset({place, *reading.entered}), recursed=recursed)
            self._known[slot] = known
        around.entered |= known.entered
        around.recursed |= known.recursed
        if around.nodes + known.size > _MAX_NODES:
            return _summary(known.body, name)
        around.nodes += known.size
        return known.body

    def _place(self, scope: FunctionScope) -> _Key:
        return (id(scope),) if id(scope) in self._values else (id(scope.node),)

    def _given(self, passed: Passed) -> _Key:
        if passed.made is not None:
            return self._passed(passed.made.node, self._callees.scope_of(passed.made.place))
        if passed.parts is not None:
            return ("parts", *(self._given(part) for part in passed.parts))
        if passed.names is not None:
            return ("names", *((name, self._given(value)) for name, value in passed.names.items()))
        return ("value", identity(passed.value))

    def _passed(self, value: ast.expr, scope: FunctionScope) -> _Key:
        """Return what tells one passed value from another: not the names of the variables that hand it on."""
        if isinstance(value, ast.Constant):
            return (type(value.value), repr(value.value))
        is_handed_on = isinstance(value, ast.Name) and value.id not in scope.body.locals
        if isinstance(value, ast.Name) and is_handed_on and id(scope) in self._values:
            given = self._values[id(scope)].get(value.id)
            annotation = next((each.annotation for each in scope.parameters if each.arg == value.id), None)
            if given is not None:
                # What a function declares about its parameter is known of the value from there on.
                kind = None if annotation is None else (ast.dump(annotation), id(scope.annotations.source))
                return ("handed on", kind, scope.annotations.owner_path, given)
        return (id(value), id(scope) if id(scope) in self._values else None)


def _summary(body: Skeleton, name: str) -> Skeleton:
    """Return one node for a body that is too long to write out: equal as long as the body is."""
    if len(body) == 1 and isinstance(body[0], Opaque):
        return body
    digest = hashlib.sha256(json.dumps(skeleton_json(body)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return (Opaque(text=f"{name}, which records too much to be followed ({digest})"),)


def _size(skeleton: Skeleton) -> int:
    total = 0
    pending = [skeleton]
    while pending:
        nodes = pending.pop()
        total += len(nodes)
        for node in nodes:
            pending.extend(bodies(node))
    return total
