"""What the functions are that expressions name, where their types do not say it."""

from __future__ import annotations

from mypy.checker import TypeChecker
from mypy.nodes import Decorator, Expression, MemberExpr, NameExpr, OverloadedFuncDef, RefExpr, SymbolNode
from mypy.types import CallableType, Instance, get_proper_type

from dbos_typed_mypy.engine import Engine
from dbos_typed_mypy.typeops import is_workflow


class Definitions:
    """Looks at how functions are decorated."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def may_be_workflow(self, argument: Expression, checker: TypeChecker) -> bool:
        """Whether this may be a workflow although its type does not say so.

        That is an overloaded function of which the implementation alone is decorated, one with a decorator of the
        user's above `@DBOS.workflow()`, through which the runtime sees, or what a registry or a helper gives.
        """
        return self._is_workflow(argument, checker) or self._engine.may_be_looked_up(
            checker.tree.fullname, checker.path, argument.line, argument.column
        )

    def _is_workflow(self, argument: Expression, checker: TypeChecker) -> bool:
        node = _definition(argument, checker)
        if isinstance(node, OverloadedFuncDef):
            declared = node.impl.var.type if isinstance(node.impl, Decorator) else None
            return declared is not None and is_workflow(get_proper_type(declared))
        # Not mypy's own tree, which has no decorators where the module comes from the cache.
        return isinstance(node, Decorator) and self._engine.is_workflow(node.fullname, checker.modules)


def shown(argument: Expression) -> str:
    """The argument as messages name it."""
    return f"`{argument.name}`" if isinstance(argument, NameExpr | MemberExpr) else "this"


def _definition(argument: Expression, checker: TypeChecker) -> SymbolNode | None:
    if isinstance(argument, RefExpr) and argument.node is not None:
        return argument.node
    if isinstance(argument, MemberExpr):
        owner = get_proper_type(checker.lookup_type_or_none(argument.expr))
        if isinstance(owner, CallableType) and owner.is_type_obj():
            owner = get_proper_type(owner.ret_type)
        symbol = owner.type.get(argument.name) if isinstance(owner, Instance) else None
        return None if symbol is None else symbol.node
    return None
