"""What a call in a workflow stands for: a recorded function, an operation of the runtime, a helper, or nothing."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from dbos_gen.model import Receiver
from dbos_gen.scan.annotations import Annotations
from dbos_gen.scan.bindings import Defined, FunctionNode
from dbos_gen.scan.decorators import Decorators
from dbos_gen.scan.inference import FunctionScope, Inference, function_scope
from dbos_gen.scan.scope import Resolver, Scope, Symbol, assigned_value

# The public name of each operation of the runtime -> the names that its calls are recorded under.
OPERATIONS = {
    "send": ("DBOS.send",),
    "recv": ("DBOS.recv",),
    "set_event": ("DBOS.setEvent",),
    "get_event": ("DBOS.getEvent",),
    "get_all_events": ("DBOS.getAllEvents",),
    "write_stream": ("DBOS.writeStream",),
    "close_stream": ("DBOS.closeStream",),
    "sleep": ("DBOS.sleep",),
    "get_workflow_status": ("DBOS.getStatus",),
    "retrieve_workflow": ("DBOS.getStatus",),
    "cancel_workflow": ("DBOS.cancelWorkflow",),
    "cancel_workflows": ("DBOS.cancelWorkflow",),
    "delete_workflow": ("DBOS.deleteWorkflow",),
    "resume_workflow": ("DBOS.resumeWorkflow", "DBOS.getStatus"),
    "restart_workflow": ("DBOS.forkWorkflow", "DBOS.getStatus"),
    "fork_workflow": ("DBOS.forkWorkflow", "DBOS.getStatus"),
    "list_workflows": ("DBOS.listWorkflows",),
    "list_queued_workflows": ("DBOS.listQueuedWorkflows",),
    "list_workflow_steps": ("DBOS.listWorkflowSteps",),
}
STARTERS = ("start_workflow", "enqueue")
_QUEUES = ("Queue", "DBOS.register_queue", "DBOS.retrieve_queue")
HANDLE_METHODS = {"get_result": "DBOS.getResult", "get_status": "DBOS.getStatus"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorded:
    """A workflow, step or transaction of the project; ``scope`` is where its annotations are looked up."""

    kind: str
    name: str
    node: FunctionNode
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of ``DBOS`` by its public name without ``_async``, or a method of a handle or queue."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Helper:
    """A plain function of the project, which does what it does for its caller; a local one sees the caller's names."""

    scope: FunctionScope
    is_local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A function that arrives as a value."""


Callee = Recorded | Operation | Helper | Unknown


class Callees:
    """Tells what calls stand for."""

    def __init__(self, resolver: Resolver, annotations: Annotations, decorators: Decorators) -> None:
        self._resolver = resolver
        self._decorators = decorators
        self._inference = Inference(resolver, annotations)

    def resolve(self, func: ast.expr, scope: FunctionScope) -> Callee | None:
        """Return what ``func(...)`` calls; None for what cannot record anything."""
        symbol = self._resolver.resolve(scope.body, func) or self._method_of_receiver(func, scope)
        if symbol is not None and symbol.is_runtime:
            return _of_runtime(symbol.path)
        if symbol is not None and isinstance(symbol.node, FunctionNode):
            return self._function(symbol, scope)
        applied = None if symbol is None else self._applied(symbol)
        if applied is not None:
            return applied
        if isinstance(func, ast.Attribute):
            return self._method(func, scope)
        if isinstance(func, ast.Name) and _is_value(func.id, scope):
            return Unknown()
        return None

    def is_bound(self, helper: FunctionScope) -> bool:
        """Whether the first parameter of a helper is what it is called on."""
        scope = helper.annotations
        if scope.owner is None or helper.node not in scope.owner.body:
            return False
        return self._decorators.receiver(helper.node, scope) in (Receiver.INSTANCE, Receiver.CLASS)

    def _applied(self, symbol: Symbol) -> Recorded | None:
        """Return what ``charge = DBOS.step()(charge_card)`` makes."""
        value = assigned_value(symbol.node)
        if not isinstance(value, ast.Call) or symbol.source is None:
            return None
        scope = Scope(source=symbol.source)
        mark = self._decorators.applied(value, scope)
        function = None if mark is None else self._resolver.resolve(scope, value.args[0])
        if mark is None or function is None or not isinstance(function.node, FunctionNode) or function.source is None:
            return None
        name = mark.name or function.path.removeprefix("<locals>.")
        return Recorded(kind=mark.kind, name=name, node=function.node, scope=self._inference.owner_scope(function))

    def _function(self, symbol: Symbol, scope: FunctionScope) -> Callee | None:
        if not isinstance(symbol.node, FunctionNode) or symbol.source is None:
            return None
        if symbol.is_local:
            mark = self._decorators.recorded(symbol.node, scope.body)
            if mark is not None:
                name = mark.name or symbol.node.name
                return Recorded(kind=mark.kind, name=name, node=symbol.node, scope=scope.body)
            return Helper(scope=function_scope(symbol.node, scope.annotations, outer=scope), is_local=True)
        return self._defined(symbol.node, self._inference.owner_scope(symbol))

    def _defined(self, node: FunctionNode, scope: Scope) -> Callee:
        mark = self._decorators.recorded(node, scope)
        if mark is None:
            return Helper(scope=function_scope(node, scope))
        qualname = f"{scope.owner_path}.{node.name}".lstrip(".")
        return Recorded(kind=mark.kind, name=mark.name or qualname, node=node, scope=scope)

    def _method(self, func: ast.Attribute, scope: FunctionScope) -> Callee | None:
        member = self._inference.member(func, scope)
        if member is not None:
            statement, owner = member
            return self._defined(statement, owner) if isinstance(statement, FunctionNode) else None
        if func.attr in HANDLE_METHODS:
            return Operation(name=func.attr)
        plain = func.attr.removesuffix("_async")
        if plain == "enqueue" and self._is_queue(func.value, scope):
            return Operation(name=plain)
        return None

    def _is_queue(self, node: ast.expr, scope: FunctionScope) -> bool:
        for argument in (*scope.node.args.posonlyargs, *scope.node.args.args, *scope.node.args.kwonlyargs):
            if isinstance(node, ast.Name) and argument.arg == node.id and argument.annotation is not None:
                kind = self._resolver.resolve(scope.annotations, argument.annotation)
                return kind is not None and kind.is_dbos("Queue")
        symbol = self._resolver.resolve(scope.body, node)
        value = assigned_value(symbol.node) if symbol is not None else None
        if symbol is None or symbol.source is None or not isinstance(value, ast.Call):
            return False
        made_by = self._resolver.resolve(Scope(source=symbol.source), value.func)
        return made_by is not None and made_by.is_dbos(*_QUEUES)

    def _method_of_receiver(self, func: ast.expr, scope: FunctionScope) -> Symbol | None:
        """Return the method of ``self.method`` and ``cls.method``."""
        owner = scope.annotations.owner
        arguments = [*scope.node.args.posonlyargs, *scope.node.args.args]
        match func:
            case ast.Attribute(value=ast.Name(id=name), attr=method) if owner is not None and arguments:
                if name == arguments[0].arg:
                    path = (*scope.annotations.owner_path.split("."), method)
                    return self._resolver.lookup(Scope(source=scope.annotations.source), path)
            case _:
                pass
        return None


def _of_runtime(path: str) -> Operation | None:
    """Return what ``DBOS.method``, a method of what it returns, or a method of a queue stands for."""
    owner, _, method = path.rpartition(".")
    if method in HANDLE_METHODS:
        return Operation(name=method)
    plain = method.removesuffix("_async")
    return Operation(name=plain) if owner == "DBOS" or (owner in _QUEUES and plain == "enqueue") else None


def _is_value(name: str, scope: FunctionScope) -> bool:
    """Whether a name is a parameter or a variable of the function rather than something defined once."""
    arguments = scope.node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if any(argument.arg == name for argument in named):
        return True
    binding = scope.body.locals.get(name)
    return isinstance(binding, Defined) and isinstance(binding.node, ast.Assign | ast.AnnAssign)
