"""Exceptions that do not come back as they were raised: their parts are stored one by one, and their class by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from dbos_gen.program.program import Program
from dbos_gen.program.reach.reach import Mark
from dbos_gen.python.values.functions import Class, Function
from dbos_gen.python.values.values import ClassRef
from dbos_gen.rules.storable.decision import Refusal, refusal
from dbos_gen.rules.storable.described import ClassForm
from dbos_gen.rules.storable.expressions import ExpressionDescriber
from dbos_gen.vocabulary.findings import Rule

_DEEPEST = 10
_NOT_FOUND = (
    "who reads the outcome from the database does not find the class and gets its nearest base at the top of a module, "
    "or a RemoteError"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _LostPart:
    """An attribute or argument of an exception that does not come back; ``node`` is where ``method`` sets it."""

    method: Function
    node: ast.stmt | ast.expr
    cls: str
    name: str
    refusal: Refusal


class Failures:
    """Reads exception classes of the project."""

    def __init__(self, program: Program, expressions: ExpressionDescriber) -> None:
        self._program = program
        self._expressions = expressions

    def marks(self, function: Function) -> list[Mark]:
        """Return the ``raise`` statements of a function whose exceptions change when they are stored."""
        return self._program.marks(Rule.SERIALIZABLE, function, lambda: list(self._marks(function)))

    def _marks(self, function: Function) -> Iterator[Mark]:
        for statement, cls in self._raised(function):
            name = cls.node.name
            if "<locals>" in cls.path:
                yield Mark(
                    function=function,
                    node=statement,
                    phrase=f"raises `{name}`",
                    text=f"`{name}` is defined inside a function and {_NOT_FOUND}",
                    reason=f"it is defined inside a function and {_NOT_FOUND}",
                    hint="define the class at the top of a module",
                )
            for part in self._lost_parts(cls):
                reason = (
                    f"its `{part.name}` cannot be stored and is missing when it comes back, because it is of type "
                    f"`{part.refusal.shown}`{part.refusal.because}"
                )
                yield Mark(
                    function=function,
                    node=statement,
                    phrase=f"raises `{name}`",
                    text=f"`{name}` comes back as another exception: {reason}",
                    reason=reason,
                    hint="keep plain data of it in the exception, such as a status, an id or a message",
                )

    def _raised(self, function: Function) -> Iterator[tuple[ast.Raise, Class]]:
        """Yield the exceptions of the project that leave a function from a ``raise`` in its own body."""
        for statement in function.body.raised:
            node = statement.exc
            head = node.func if isinstance(node, ast.Call) else node
            value = None if head is None else self._program.value(head, function)
            if not isinstance(value, ClassRef) or any(statement.lineno in lines for lines in function.body.guarded):
                continue
            if self.is_exception(value.cls):
                yield statement, value.cls

    def is_exception(self, cls: Class) -> bool:
        """Whether a class of the project is an exception for certain."""
        facts = self._expressions.facts(cls)
        return facts is not None and facts.kind is ClassForm.EXCEPTION

    def _lost_parts(self, cls: Class, depth: int = 0) -> Iterator[_LostPart]:
        """Yield what instances of an exception class, or of its bases, consist of and cannot be stored."""
        for functions in cls.methods.values():
            for method in functions:
                yield from self._set_in(cls, method)
        for base in self._program.evaluator.members.bases(cls):
            if isinstance(base, ClassRef) and base.cls is not cls and depth < _DEEPEST:
                yield from self._lost_parts(base.cls, depth + 1)

    def _set_in(self, cls: Class, method: Function) -> Iterator[_LostPart]:
        receiver = method.positional[0].arg if method.positional else ""
        for statement in method.body.changes:
            for target, value in _assigned(statement):
                if isinstance(target.value, ast.Name) and target.value.id == receiver:
                    yield from self._lost(cls, method, statement, target.attr, value)
        if method.name != "__init__":
            return
        for call in method.body.calls:
            if self._is_super_init(call):
                for argument in call.args:
                    yield from self._lost(cls, method, argument, "args", argument)

    def _is_super_init(self, call: ast.Call) -> bool:
        match call.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
                return True
            case _:
                return False

    def _lost(
        self, cls: Class, method: Function, node: ast.stmt | ast.expr, name: str, value: ast.expr
    ) -> Iterator[_LostPart]:
        found = refusal(self._expressions.describe(value, method))
        if found is not None and not self._program.silencing.is_silenced_in(method, node.lineno, Rule.SERIALIZABLE):
            yield _LostPart(method=method, node=node, cls=cls.node.name, name=name, refusal=found)


def _assigned(statement: ast.stmt) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets if isinstance(target, ast.Attribute))
        case ast.AnnAssign(target=ast.Attribute() as target, value=ast.expr() as value):
            yield target, value
        case _:
            pass
