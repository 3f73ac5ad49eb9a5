"""Expressions that do nothing but give a value, and statements that do nothing but tell people something."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from dbos_gen.program.reach.logging_calls import gives_a_logger, tells
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Function
from dbos_gen.python.values.values import External, Runtime
from dbos_gen.vocabulary.nondeterminism import CLOCK, ENVIRONMENT, RANDOM, UUID, Sources

_BUILTINS = frozenset(
    {
        "abs", "ascii", "bool", "dict", "divmod", "enumerate", "float", "format", "frozenset", "hex", "int", "len",
        "list", "max", "min", "repr", "round", "set", "sorted", "str", "sum", "tuple", "zip", "type", "isinstance",
    }
)  # fmt: skip
_PURE = frozenset(
    {"json.dumps", "time.strftime", "time.ctime", "pprint.pformat", "textwrap.dedent", "collections.defaultdict"}
    | {f"builtins.{name}" for name in _BUILTINS}
)
_PURE_BEGINNINGS = ("builtins.str().", "datetime.", "math.", "statistics.", "humanize.", "uuid.UUID")
VALUES = frozenset({CLOCK, ENVIRONMENT, RANDOM, UUID})
"""What of the table does nothing but give a value."""


def is_pure(name: str) -> bool:
    """Whether a function outside the project does nothing but make a value of what it is given."""
    return name in _PURE or name.startswith(_PURE_BEGINNINGS)


class PureExpressions:
    """Looks at expressions and statements, not into functions of the project."""

    def __init__(self, evaluator: Evaluator, sources: Sources) -> None:
        self._evaluator = evaluator
        self._sources = sources

    def statements(self, nodes: Iterable[ast.stmt], function: Function) -> bool:
        """Whether statements do nothing but tell people something."""
        for node in nodes:
            match node:
                case ast.Pass() | ast.Expr(value=ast.Constant()):
                    continue
                case ast.Expr(value=ast.Call() as call) if tells(call, function, self._evaluator):
                    if not self.expression(call, function):
                        return False
                case ast.If(test=test, body=body, orelse=orelse):
                    if not self.expression(test, function) or not self.statements((*body, *orelse), function):
                        return False
                case _:
                    return False
        return True

    def expression(self, node: ast.expr, function: Function) -> bool:
        """Whether evaluating an expression does nothing."""
        return all(self._is_harmless(inner, function) for inner in ast.walk(node))

    def _is_harmless(self, node: ast.AST, function: Function) -> bool:
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr):
            return False
        if not isinstance(node, ast.Call):
            return True
        if tells(node, function, self._evaluator) or gives_a_logger(node, function, self._evaluator):
            return True
        match self._evaluator.evaluate(node.func, function):
            case External(name):
                return is_pure(name) or _is_question(node.func) or self._sources.called(name) in VALUES
            case Runtime() | None:
                return _is_question(node.func)
            case _:
                return False


def _is_question(node: ast.expr) -> bool:
    """Whether a method only answers: of a logger, or of a value of the standard library."""
    return isinstance(node, ast.Attribute) and node.attr in (
        "isEnabledFor", "total_seconds", "isoformat", "strftime", "timestamp", "format", "join",
    )  # fmt: skip
