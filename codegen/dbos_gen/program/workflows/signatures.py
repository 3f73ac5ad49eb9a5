"""Parameters and results of workflows, as their definitions write them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dbos_gen.python.scopes.resolution import Scope
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.model import Param, ParamKind, Receiver, Signature, TypeVariable
from dbos_gen.vocabulary.type_expressions import ANY, TypeRef


class Signatures:
    """Reads signatures; a missing annotation is reported and becomes Any."""

    def __init__(self, annotations: Annotations, diagnostics: Diagnostics) -> None:
        self._annotations = annotations
        self._diagnostics = diagnostics

    def read(self, node: FunctionNode, scope: Scope, receiver: Receiver) -> Signature:
        """Return the signature without ``self`` and ``cls``."""
        arguments = list(_arguments(node.args))
        if receiver in (Receiver.INSTANCE, Receiver.CLASS):
            first = next((index for index, (_, kind, _) in enumerate(arguments) if kind in _POSITIONAL), None)
            if first is not None:
                del arguments[first]
        params = tuple(
            Param(name=argument.arg, kind=kind, type=self._param(argument, node, scope), has_default=default)
            for argument, kind, default in arguments
        )
        return Signature(params=params, result=self._result(node, scope))

    def type_variables(self, node: FunctionNode | ast.ClassDef, scope: Scope) -> tuple[TypeVariable, ...]:
        """Return the type parameters written in brackets after a name (Python 3.12 and later)."""
        declared: list[ast.AST] = getattr(node, "type_params", [])
        return tuple(self._type_variable(parameter, scope) for parameter in declared)

    def _type_variable(self, parameter: ast.AST, scope: Scope) -> TypeVariable:
        name = scope.type_parameters[str(getattr(parameter, "name", ""))]
        bound = getattr(parameter, "bound", None)
        if isinstance(bound, ast.Tuple):
            members = tuple(self._annotations.convert(element, scope) for element in bound.elts)
            return TypeVariable(name=name, constraints=members)
        if isinstance(bound, ast.expr):
            return TypeVariable(name=name, bound=self._annotations.convert(bound, scope))
        return TypeVariable(name=name)

    def _param(self, argument: ast.arg, node: FunctionNode, scope: Scope) -> TypeRef:
        if argument.annotation is not None:
            return self._annotations.convert(argument.annotation, scope)
        self._diagnostics.add(
            Code.DG014,
            scope.source.path,
            argument.lineno,
            f"parameter `{argument.arg}` of workflow `{node.name}` has no annotation; callers may pass anything",
            f"annotate it, for example `{argument.arg}: str`",
        )
        return ANY

    def _result(self, node: FunctionNode, scope: Scope) -> TypeRef:
        if node.returns is not None:
            return self._annotations.convert(node.returns, scope)
        self._diagnostics.add(
            Code.DG014,
            scope.source.path,
            node.lineno,
            f"workflow `{node.name}` has no return annotation; its handle's result is Any",
            "annotate it, for example `-> None`",
        )
        return ANY


_POSITIONAL = (ParamKind.POSITIONAL_ONLY, ParamKind.POSITIONAL_OR_KEYWORD)


def _arguments(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ParamKind, bool]]:
    positional = [
        *((argument, ParamKind.POSITIONAL_ONLY) for argument in arguments.posonlyargs),
        *((argument, ParamKind.POSITIONAL_OR_KEYWORD) for argument in arguments.args),
    ]
    without_default = len(positional) - len(arguments.defaults)
    for index, (argument, kind) in enumerate(positional):
        yield argument, kind, index >= without_default
    if arguments.vararg is not None:
        yield arguments.vararg, ParamKind.VAR_POSITIONAL, False
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument, ParamKind.KEYWORD_ONLY, default is not None
    if arguments.kwarg is not None:
        yield arguments.kwarg, ParamKind.VAR_KEYWORD, False
