"""Where a call stands: in a workflow, a step, a transaction, or in a function that may run anywhere.

Which function encloses a call is not part of mypy's plugin interface, so its use is confined to this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import cast

from mypy.checker import TypeChecker
from mypy.nodes import (
    Block,
    CallExpr,
    ClassDef,
    Decorator,
    Expression,
    ForStmt,
    FuncDef,
    FuncItem,
    IfStmt,
    LambdaExpr,
    MatchStmt,
    MemberExpr,
    MypyFile,
    OverloadedFuncDef,
    RefExpr,
    Statement,
    TryStmt,
    TypeInfo,
    Var,
    WhileStmt,
    WithStmt,
)
from mypy.plugin import CheckerPluginInterface
from mypy.types import Instance, get_proper_type

from dbos_typed_mypy import fullnames


class Role(Enum):
    """What the innermost function around a call is."""

    WORKFLOW = "workflow"
    STEP = "step"
    TRANSACTION = "transaction"
    UNKNOWN = "unknown"
    """A helper, nested or otherwise decorated function, or a module: what runs it is not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a call stands."""

    role: Role
    function: str
    """Name of the innermost function; empty outside functions."""
    blocks_coroutine_workflow: bool
    """Whether a blocking call here would block the event loop that a coroutine workflow runs on."""


ROLE_OF_METHOD = {
    fullnames.short(fullnames.WORKFLOW): Role.WORKFLOW,
    fullnames.short(fullnames.STEP): Role.STEP,
    fullnames.short(fullnames.TRANSACTION): Role.TRANSACTION,
}
ROLE_OF_DECORATOR = {
    fullnames.WORKFLOW_DECORATOR: Role.WORKFLOW,
    fullnames.STEP_DECORATOR: Role.STEP,
    fullnames.TRANSACTION_DECORATOR: Role.TRANSACTION,
}


_NOWHERE = Place(role=Role.UNKNOWN, function="", blocks_coroutine_workflow=False)


@dataclass(slots=True)
class _Functions:
    """The functions of one module."""

    tree: MypyFile
    decorators: dict[FuncItem, list[Expression]] = field(default_factory=dict[FuncItem, list[Expression]])
    places: dict[FuncItem, Place] = field(default_factory=dict[FuncItem, Place])


class Scopes:
    """Answers where a call stands; remembers the module that was asked about last."""

    def __init__(self) -> None:
        self._functions: _Functions | None = None

    def place(self, api: CheckerPluginInterface) -> Place:
        """Where the call that mypy is checking stands."""
        checker = cast("TypeChecker", api)
        innermost = checker.scope.current_function()
        if innermost is None:
            return _NOWHERE
        functions = self._functions_of(checker.tree)
        place = functions.places.get(innermost)
        if place is None:
            enclosing = [item for item in checker.scope.stack if isinstance(item, FuncItem)]
            place = functions.places[innermost] = _place(innermost, enclosing, functions)
        return place

    def _functions_of(self, tree: MypyFile) -> _Functions:
        if self._functions is None or self._functions.tree is not tree:
            functions = _Functions(tree)
            _collect_decorators(tree.defs, functions)
            self._functions = functions
        return self._functions


def _place(innermost: FuncItem, enclosing: list[FuncItem], functions: _Functions) -> Place:
    role = _role(innermost, functions)
    in_workflow = any(_role(function, functions) is Role.WORKFLOW for function in enclosing)
    return Place(
        role=role,
        function="" if isinstance(innermost, LambdaExpr) else innermost.name,
        # A nested `def` may be meant for a worker thread; a nested `async def` runs on the workflow's loop.
        blocks_coroutine_workflow=in_workflow and innermost.is_coroutine and role in {Role.WORKFLOW, Role.UNKNOWN},
    )


def _role(function: FuncItem, functions: _Functions) -> Role:
    for decorator in functions.decorators.get(function, ()):
        role = _decorator_role(decorator)
        if role is not None:
            return role
    return Role.UNKNOWN


def _decorator_role(decorator: Expression) -> Role | None:
    if isinstance(decorator, CallExpr):
        callee = decorator.callee
        if isinstance(callee, MemberExpr) and _is_dbos(callee.expr):
            return ROLE_OF_METHOD.get(callee.name)
        return None
    if isinstance(decorator, RefExpr) and isinstance(decorator.node, Var):
        declared = get_proper_type(decorator.node.type)
        return ROLE_OF_DECORATOR.get(declared.type.fullname) if isinstance(declared, Instance) else None
    return None


def _is_dbos(expression: Expression) -> bool:
    """Whether the expression is the class DBOS, under any name, or a subclass of it."""
    if not isinstance(expression, RefExpr):
        return False
    return isinstance(expression.node, TypeInfo) and expression.node.has_base(fullnames.DBOS)


def _collect_decorators(statements: Iterable[Statement], functions: _Functions) -> None:
    for statement in _flat(statements):
        if isinstance(statement, Decorator):
            functions.decorators[statement.func] = statement.original_decorators
            _collect_decorators(statement.func.body.body, functions)
        elif isinstance(statement, OverloadedFuncDef):
            parts: list[Statement] = (
                list(statement.items) if statement.impl is None else [*statement.items, statement.impl]
            )
            _collect_decorators(parts, functions)
        elif isinstance(statement, FuncDef):
            _collect_decorators(statement.body.body, functions)


def _flat(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The statements and those in their blocks, in order, without the bodies of functions."""
    for statement in statements:
        yield statement
        for block in _blocks(statement):
            yield from _flat(block.body)


def _blocks(statement: Statement) -> Iterator[Block]:
    optional: list[Block | None] = []
    if isinstance(statement, Block):
        optional = [statement]
    elif isinstance(statement, ClassDef):
        optional = [statement.defs]
    elif isinstance(statement, IfStmt):
        optional = [*statement.body, statement.else_body]
    elif isinstance(statement, WhileStmt | ForStmt):
        optional = [statement.body, statement.else_body]
    elif isinstance(statement, TryStmt):
        optional = [statement.body, *statement.handlers, statement.else_body, statement.finally_body]
    elif isinstance(statement, WithStmt):
        optional = [statement.body]
    elif isinstance(statement, MatchStmt):
        optional = [*statement.bodies]
    yield from (block for block in optional if block is not None)
