"""Decorators that make a function a workflow, a step or a transaction, in any order with those that bind methods."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from dbos_gen.program.workflows.keys import Keys
from dbos_gen.program.workflows.runtime_instances import Instances
from dbos_gen.python.scopes.resolution import Resolver, Scope, Symbol
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.model import Receiver


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowMark:
    """``@DBOS.workflow(name=...)`` as written; ``name`` is None when not given, ``bare`` when it is not called."""

    line: int
    name: str | None
    has_unknown_name: bool
    bare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMark:
    """A function whose calls are recorded: ``kind`` is workflow, step or transaction; ``name`` None when not given."""

    kind: str
    name: str | None


class Decorators:
    """Recognises decorators by what their names refer to."""

    def __init__(self, resolver: Resolver, runtime: str) -> None:
        self._resolver = resolver
        self._runtime = runtime
        annotations = Annotations(resolver, Diagnostics())
        self._keys = Keys(resolver, annotations)
        self._instances = Instances(resolver, annotations)

    def workflow(self, node: FunctionNode, scope: Scope) -> WorkflowMark | None:
        """Return the mark of a workflow, or None."""
        for decorator in node.decorator_list:
            symbol = self._symbol(decorator, scope)
            if symbol is None or not symbol.is_dbos("DBOS.workflow") or not symbol.is_of(self._runtime):
                continue
            return self._workflow_mark(decorator, scope)
        return None

    def applied_workflow(self, call: ast.Call, scope: Scope) -> WorkflowMark | None:
        """Return the mark of ``DBOS.workflow(...)(function)``, or None."""
        symbol = self._symbol(call.func, scope) if isinstance(call.func, ast.Call) else None
        if symbol is None or not symbol.is_dbos("DBOS.workflow") or not symbol.is_of(self._runtime):
            return None
        return self._workflow_mark(call.func, scope)

    def _workflow_mark(self, decorator: ast.expr, scope: Scope) -> WorkflowMark:
        line = decorator.lineno
        if not isinstance(decorator, ast.Call):
            return WorkflowMark(line=line, name=None, has_unknown_name=False, bare=True)
        given = next((word.value for word in decorator.keywords if word.arg == "name"), None)
        if given is None or (isinstance(given, ast.Constant) and given.value is None):
            return WorkflowMark(line=line, name=None, has_unknown_name=False, bare=False)
        name = self._given_name(decorator, scope)
        return WorkflowMark(line=line, name=name, has_unknown_name=name is None, bare=False)

    def recorded(self, node: FunctionNode, scope: Scope) -> RecordedMark | None:
        """Return how calls of the function are recorded, None for a plain function."""
        for decorator in node.decorator_list:
            kind = self._instances.decorated(decorator.func if isinstance(decorator, ast.Call) else decorator, scope)
            if kind is not None:
                name = self._given_name(decorator, scope) if isinstance(decorator, ast.Call) else None
                return RecordedMark(kind=kind, name=name)
        return None

    def applied(self, call: ast.Call, scope: Scope) -> RecordedMark | None:
        """Return how calls of ``DBOS.step(...)(function)`` are recorded, None for any other call."""
        if not isinstance(call.func, ast.Call) or len(call.args) != 1:
            return None
        kind = self._instances.decorated(call.func.func, scope)
        return None if kind is None else RecordedMark(kind=kind, name=self._given_name(call.func, scope))

    def is_recorded(self, node: FunctionNode, scope: Scope) -> bool:
        """Whether the function is a workflow, a step or a transaction."""
        return self.recorded(node, scope) is not None

    def is_overload(self, node: FunctionNode, scope: Scope) -> bool:
        """Whether the function only declares one overload."""
        symbols = [self._symbol(decorator, scope) for decorator in node.decorator_list]
        return any(symbol is not None and symbol.is_typing("overload") for symbol in symbols)

    def receiver(self, node: FunctionNode, scope: Scope) -> Receiver:
        """Return what the function is called on."""
        if scope.owner is None:
            return Receiver.NONE
        for decorator in node.decorator_list:
            symbol = self._symbol(decorator, scope)
            if symbol is not None and symbol.module == "builtins":
                if symbol.path == "classmethod":
                    return Receiver.CLASS
                if symbol.path == "staticmethod":
                    return Receiver.STATIC
        return Receiver.INSTANCE

    def class_name(self, owner: ast.ClassDef, owner_path: str, scope: Scope) -> str:
        """Return the name a class is registered under: from ``@DBOS.dbos_class("name")``, else its own."""
        for decorator in owner.decorator_list:
            symbol = self._symbol(decorator, scope)
            if symbol is None or not symbol.is_dbos("DBOS.dbos_class") or not isinstance(decorator, ast.Call):
                continue
            name = next(iter(decorator.args), None) or next((word.value for word in decorator.keywords), None)
            if isinstance(name, ast.Name | ast.Attribute):
                name = self._constant(name, scope)
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                return name.value
        return owner_path

    def _given_name(self, decorator: ast.Call, scope: Scope) -> str | None:
        given = next((word.value for word in decorator.keywords if word.arg == "name"), None)
        keys = () if given is None else self._keys.resolve(given, scope)
        return keys[0].name if len(keys) == 1 and keys[0].type is None else None

    def _symbol(self, decorator: ast.expr, scope: Scope) -> Symbol | None:
        return self._resolver.resolve(scope, decorator.func if isinstance(decorator, ast.Call) else decorator)

    def _constant(self, node: ast.expr, scope: Scope) -> ast.expr | None:
        symbol = self._resolver.resolve(scope, node)
        match symbol.node if symbol is not None else None:
            case ast.Assign(value=value) | ast.AnnAssign(value=value):
                return value
            case _:
                return None
