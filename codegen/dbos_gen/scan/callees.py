"""What a call in a workflow stands for: a recorded function, an operation of the runtime, a helper, or nothing."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from dbos_gen.model import Receiver
from dbos_gen.scan.annotations import Annotations
from dbos_gen.scan.bindings import Defined, FunctionNode
from dbos_gen.scan.decorators import Decorators
from dbos_gen.scan.inference import FunctionScope, Inference, function_scope
from dbos_gen.scan.instances import Instances, vocabulary_of
from dbos_gen.scan.scope import Resolver, Scope, Symbol, assigned_value
from dbos_gen.vocabulary import ASYNC_SUFFIX, HANDLE_METHODS, Meaning


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recorded:
    """A workflow, step or transaction of the project; ``scope`` is where its annotations are looked up."""

    kind: str
    name: str
    node: FunctionNode
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of ``DBOS`` by its public name without ``_async``, or a method of a handle or of another instance."""

    name: str
    means: Meaning


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Helper:
    """A plain function of the project, which does what it does for its caller; a local one sees the caller's names."""

    scope: FunctionScope
    is_local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A function that arrives as a value, or one of the runtime's that nothing is known of."""


Callee = Recorded | Operation | Helper | Unknown


class Callees:
    """Tells what calls stand for."""

    def __init__(self, resolver: Resolver, annotations: Annotations, decorators: Decorators) -> None:
        self._resolver = resolver
        self._decorators = decorators
        self._inference = Inference(resolver, annotations)
        self._instances = Instances(resolver, annotations)

    def resolve(self, func: ast.expr, scope: FunctionScope) -> Callee | None:
        """Return what ``func(...)`` calls; None for what cannot record anything."""
        symbol = self._resolver.resolve(scope.body, func) or self._method_of_receiver(func, scope)
        if symbol is not None and symbol.is_runtime:
            return _of_runtime(symbol)
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
            return _of_handle(func.attr)
        meaning = self._instances.meaning(func, scope)
        return None if meaning is None else Operation(name=func.attr.removesuffix(ASYNC_SUFFIX), means=meaning)

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


def _of_runtime(symbol: Symbol) -> Operation | Unknown | None:
    """Return what ``DBOS.method``, a method of what it returns, or a method of an instance stands for."""
    vocabulary = vocabulary_of(symbol)
    name = "" if vocabulary is None else vocabulary.known(symbol.path)
    if vocabulary is None or vocabulary.is_unknown(name):
        return None if vocabulary is None else Unknown()
    owner, _, method = name.rpartition(".")
    if name in vocabulary.calls or owner == "DBOS":
        return Operation(name=method, means=vocabulary.calls.get(name, Meaning()))
    return _of_handle(method) if method in HANDLE_METHODS else None


def _of_handle(method: str) -> Operation:
    return Operation(name=method, means=Meaning(records=(HANDLE_METHODS[method],)))


def _is_value(name: str, scope: FunctionScope) -> bool:
    """Whether a name is a parameter or a variable of the function rather than something defined once."""
    arguments = scope.node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if any(argument.arg == name for argument in named):
        return True
    binding = scope.body.locals.get(name)
    return isinstance(binding, Defined) and isinstance(binding.node, ast.Assign | ast.AnnAssign)
