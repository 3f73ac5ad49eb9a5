"""Handlers in workflows that are never taken, because what a step raised comes back as another class."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dbos_gen.program.program import Program
from dbos_gen.python.values.functions import AnyFunctionNode, Function, FunctionKind
from dbos_gen.python.values.values import ClassRef, External, FunctionRef
from dbos_gen.rules.storable.failures import Failures

# boto3 makes a class of its own for every error code of a service, each time a client is made.
_MADE_AT_RUN_TIME = re.compile(r"^(boto3|botocore|aioboto3|aiobotocore)\..*\(\)\.exceptions\.\w+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Untaken:
    """A class of an ``except`` that no recorded exception has."""

    node: ast.expr
    reason: str
    remedy: str


class Handlers:
    """Reads the handlers of workflows."""

    def __init__(self, program: Program, failures: Failures) -> None:
        self._program = program
        self._failures = failures

    def untaken(self, function: Function) -> Iterator[Untaken]:
        """Yield the classes of handlers around recorded calls that recorded exceptions never have."""
        for statement in _tries(function):
            if not self._only_recorded(statement, function):
                continue
            for handler in statement.handlers:
                kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
                for kind in kinds:
                    found = None if kind is None else self._untaken(kind, function)
                    if found is not None:
                        yield found

    def _untaken(self, node: ast.expr, function: Function) -> Untaken | None:
        value = self._program.value(node, function)
        match value:
            case ClassRef(cls) if "<locals>" in cls.path and self._failures.is_exception(cls):
                return Untaken(
                    node=node,
                    reason=f"`{cls.node.name}` is defined inside a function, where no recovering process finds it, so "
                    "that what a step raised comes back as its nearest base at the top of a module or as a RemoteError",
                    remedy="define the class at the top of a module",
                )
            case External(name) if isinstance(node, ast.Attribute) and _MADE_AT_RUN_TIME.match(name):
                return Untaken(
                    node=node,
                    reason=f"`{ast.unparse(node)}` is made anew for each client, where no recovering process finds it, "
                    "so that what a step raised comes back as botocore's ClientError",
                    remedy='catch botocore.exceptions.ClientError and look at error.response["Error"]["Code"], or give '
                    f"the class a name at the top of the module: {node.attr} = client.exceptions.{node.attr}",
                )
            case _:
                return None

    def _only_recorded(self, statement: ast.Try | ast.TryStar, function: Function) -> bool:
        """Whether what stands in a ``try`` raises by recorded calls only: others may raise the class itself."""
        has_recorded = False
        for node in _own(statement.body):
            if isinstance(node, ast.Raise):
                return False
            if isinstance(node, ast.Call):
                called = self._program.value(node.func, function)
                if isinstance(called, FunctionRef) and called.kind is FunctionKind.PLAIN:
                    return False
                has_recorded |= isinstance(called, FunctionRef) and called.kind.is_recorded
        return has_recorded


def _tries(function: Function) -> Iterator[ast.Try | ast.TryStar]:
    if isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef):
        for node in _own(function.node.body):
            if isinstance(node, ast.Try | ast.TryStar):
                yield node


def _own(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield what statements consist of, without the bodies of functions and classes in them."""
    pending: list[ast.AST] = list(reversed(body))
    while pending:
        node = pending.pop()
        if isinstance(node, AnyFunctionNode | ast.ClassDef):
            continue
        yield node
        pending.extend(ast.iter_child_nodes(node))
