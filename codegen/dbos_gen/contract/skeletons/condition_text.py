"""How conditions and names that the source computes are written into a skeleton."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeAlias, cast

from dbos_gen.contract.classes.places import ClassNamer
from dbos_gen.contract.skeletons.provenance import Provenance, runs_nothing
from dbos_gen.program.workflows.called import Operation, Recorded
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.python.scopes.resolution import Resolver, assigned_value, dotted
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.syntax.bindings import Defined, FunctionNode
from dbos_gen.syntax.unparsing import written

_MAX_BINDINGS = 60
_MAX_DEPTH = 40
_MAX_TEXT = 2000
_SKIPPED_FIELDS = frozenset({"ctx", "type_comment", "kind"})


class Wording(Protocol):
    """Says what an expression of a workflow is and what its value comes from."""

    def text(self, node: ast.AST, scope: FunctionScope) -> str:
        """Return what stands for the expression itself."""
        ...

    def loop(self, target: ast.expr, iterable: ast.expr, scope: FunctionScope) -> str:
        """Return what stands for ``for target in iterable``."""
        ...

    def given(self, node: ast.expr, scope: FunctionScope) -> tuple[str, ...]:
        """Return the statements that its value comes from."""
        ...


class AsWritten:
    """For people: expressions and statements as they stand in the source."""

    def __init__(self, provenance: Provenance) -> None:
        self._provenance = provenance

    def text(self, node: ast.AST, scope: FunctionScope) -> str:
        """As `Wording.text`."""
        del scope
        return written(node)

    def loop(self, target: ast.expr, iterable: ast.expr, scope: FunctionScope) -> str:
        """As `Wording.loop`."""
        del scope
        return f"{written(target)} in {written(iterable)}"

    def given(self, node: ast.expr, scope: FunctionScope) -> tuple[str, ...]:
        """As `Wording.given`."""
        return self._provenance.of(node, scope)


class Digested:
    """For comparison: equal for expressions that differ only in the names of local variables or in layout.

    A variable that is assigned once stands for its value, and a recorded call for its record, whatever its arguments.
    The text is the same on every version of Python, which `ast.unparse` does not promise.
    """

    def __init__(self, resolver: Resolver, callees: Callees, provenance: Provenance, place: ClassNamer) -> None:
        self._place = place
        self._resolver = resolver
        self._callees = callees
        self._provenance = provenance
        self._numbers: dict[FunctionNode, dict[ast.Call, int]] = {}

    def text(self, node: ast.AST, scope: FunctionScope) -> str:
        """As `Wording.text`."""
        return _digest(_Writer(self, scope).written(node))

    def loop(self, target: ast.expr, iterable: ast.expr, scope: FunctionScope) -> str:
        """As `Wording.loop`: the name of the target says nothing."""
        del target
        return self.text(iterable, scope)

    def given(self, node: ast.expr, scope: FunctionScope) -> tuple[str, ...]:
        """As `Wording.given`: the text says it all."""
        del node, scope
        return ()

    def bindings(self, name: str, scope: FunctionScope) -> list[tuple[ast.stmt, ast.expr | None]]:
        """Return the statements that bind or change a local variable, in order, each with its value."""
        return self._provenance.local(name, scope)

    def record(self, call: ast.Call, scope: FunctionScope) -> str | None:
        """Return what stands for a recorded call, None for another one."""
        callee = self._callees.resolve(call.func, scope)
        if not isinstance(callee, Recorded | Operation):
            return None
        if scope.node not in self._numbers:
            self._numbers[scope.node] = _numbered(scope.node)
        return f"record({callee.name},{self._numbers[scope.node].get(call, 0)})"

    def outside(self, node: ast.expr, scope: FunctionScope, *, is_run: bool) -> str:
        """Return what a name of a module or class stands for, where the source says it.

        Which function it is says the name; what it does counts where it is called or passed to a call (``is_run``).
        """
        symbol = self._resolver.resolve(scope.body, node)
        if symbol is None or symbol.source is None or symbol.is_local:
            return ""
        value = assigned_value(symbol.node)
        if value is not None:
            return f"{neutral(value)} {self._provenance.digest(value, self._callees.module(symbol.source))}"
        if isinstance(symbol.node, ast.ClassDef):
            return self._place(symbol)
        if isinstance(symbol.node, FunctionNode) and is_run:
            return self._provenance.digest(symbol.node, self._callees.module(symbol.source))
        return ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def neutral(node: ast.AST) -> str:
    """Return syntax as text without layout and docstrings, in which the names that it binds itself are numbered."""
    return _Writer(None, None).written(node)


_Variable: TypeAlias = tuple[int, str]
"""A function and the name of a variable in it: helpers may use the names of their callers."""


class _Writer:
    """Writes one expression with everything that it depends on."""

    def __init__(self, digested: Digested | None, scope: FunctionScope | None) -> None:
        self._runs_functions = False
        self._digested = digested
        self._scope = scope
        self._numbers: dict[_Variable, int] = {}
        self._own: frozenset[str] = frozenset()
        self._inlined: list[_Variable] = []
        self._values: dict[_Variable, str] = {}
        self._pending: list[tuple[str, FunctionScope | None]] = []

    def written(self, node: ast.AST) -> str:
        """Return the text of the node and, after it, of the statements that its variables are bound by."""
        parts = [self._node(node)]
        done = 0
        while done < len(self._pending) and done < _MAX_BINDINGS:
            name, scope = self._pending[done]
            with self._inside(scope):
                parts.append(f"{self._number(name)}:{self._statements(name)}")
            done += 1
        return ";".join(parts)

    @contextmanager
    def _inside(self, scope: FunctionScope | None) -> Generator[None, None, None]:
        """Write what stands in another function: the caller of a helper."""
        outer, self._scope = self._scope, scope
        own, self._own = self._own, frozenset()
        try:
            yield
        finally:
            self._scope, self._own = outer, own

    def _variable(self, name: str) -> _Variable:
        return 0 if self._scope is None else id(self._scope.node), name

    def _node(self, node: ast.AST) -> str:
        outer, self._own = self._own, self._own | _bound(node)
        try:
            return self._any(node)
        finally:
            self._own = outer

    def _any(self, node: object) -> str:  # noqa: PLR0911  # one each
        match node:
            case ast.Constant(value=value):
                return f"{type(value).__name__}:{value!a}"
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.arg(arg=name):
                return self._number(name)
            case ast.Call() if (record := self._record(node)) is not None:
                return record
            case ast.Call() if runs_nothing(node):
                return self._running(node, runs=False)
            case ast.Call() | ast.keyword() | ast.Starred():
                return self._running(node, runs=True)
            case ast.expr() if self._runs_functions:
                return self._running(node, runs=False)
            case ast.AST():
                return self._whole(node)
            case list():
                return f"[{','.join(self._any(item) for item in cast('list[object]', node))}]"
            case _:
                return ascii(node)

    def _running(self, node: ast.AST, *, runs: bool) -> str:
        """Write an expression that runs the functions that it names directly, or does not."""
        before, self._runs_functions = self._runs_functions, runs
        try:
            return self._whole(node)
        finally:
            self._runs_functions = before

    def _whole(self, node: ast.AST) -> str:
        text = self._fields(node)
        # A value that is used twice is written twice, and so are those that it is made of.
        return text if len(text) <= _MAX_TEXT else _digest(text)

    def _fields(self, node: ast.AST) -> str:
        shown = (
            f"{name}={self._any(value)}"
            for name, value in _significant(node)
            if name not in _SKIPPED_FIELDS and value is not None and value != []
        )
        return f"{type(node).__name__}({','.join(shown)})"

    def _record(self, call: ast.Call) -> str | None:
        if self._digested is None or self._scope is None:
            return None
        return self._digested.record(call, self._scope)

    def _attribute(self, node: ast.Attribute) -> str:
        name = dotted(node)
        if name is not None and self._digested is not None and self._scope is not None and not self._is_local(name[0]):
            return f"{'.'.join(name)}={self._digested.outside(node, self._scope, is_run=self._runs_functions)}"
        return f"{self._any(node.value)}.{node.attr}"

    def _name(self, node: ast.Name, name: str) -> str:
        if name in self._own:
            return self._number(name)
        if self._digested is None or self._scope is None:
            return name
        if not self._is_local(name):
            return f"{name}={self._digested.outside(node, self._scope, is_run=self._runs_functions)}"
        variable = self._variable(name)
        value, scope = self._only_value(name)
        if value is None or variable in self._inlined or len(self._inlined) > _MAX_DEPTH:
            if variable not in self._numbers:
                self._pending.append((name, self._scope))
            return self._number(name)
        if variable not in self._values:
            self._inlined.append(variable)
            with self._inside(scope):
                self._values[variable] = self._node(value)
            self._inlined.pop()
        return self._values[variable]

    def _is_local(self, name: str) -> bool:
        if self._scope is None:
            return False
        binding = self._scope.body.locals.get(name)
        is_variable = isinstance(binding, Defined) and not isinstance(binding.node, FunctionNode | ast.ClassDef)
        return is_variable or name in _parameters(self._scope.node) or bool(self._bindings(name))

    def _bindings(self, name: str) -> list[tuple[ast.stmt, ast.expr | None]]:
        if self._digested is None or self._scope is None:
            return []
        return self._digested.bindings(name, self._scope)

    def _only_value(self, name: str) -> tuple[ast.expr | None, FunctionScope | None]:
        """Return the value of a variable that one plain assignment or call binds, and where that stands."""
        found = self._bindings(name)
        if self._scope is None:
            return None, None
        if name in _parameters(self._scope.node):
            return (None, None) if found else self._scope.arguments.get(name, (None, None))
        return (assigned_value(found[0][0]), self._scope) if len(found) == 1 else (None, None)

    def _statements(self, name: str) -> str:
        parameters = [] if self._scope is None else _parameters(self._scope.node)
        parts = [f"parameter {parameters.index(name)}"] if name in parameters else []
        if self._scope is not None and name in self._scope.arguments:
            value, scope = self._scope.arguments[name]
            with self._inside(scope):
                parts = [self._node(value)]
        parts.extend(self._node(statement) for statement, _ in self._bindings(name))
        return "|".join(parts)

    def _number(self, name: str) -> str:
        return f"v{self._numbers.setdefault(self._variable(name), len(self._numbers))}"


def _bound(node: ast.AST) -> set[str]:
    """Return the names that an expression or a function binds for itself: targets of comprehensions, parameters."""
    found: set[str] = set()
    for inner in ast.walk(node):
        match inner:
            case ast.comprehension(target=target):
                found.update(name.id for name in ast.walk(target) if isinstance(name, ast.Name))
            case ast.arg(arg=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()) if isinstance(node, FunctionNode):
                found.add(name)
            case _:
                pass
    return found


def _parameters(node: FunctionNode) -> list[str]:
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    rest = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    return [argument.arg for argument in (*named, *rest)]


def _numbered(function: FunctionNode) -> dict[ast.Call, int]:
    """Return the calls of a function, each with its number among those of the same name."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    counts: dict[tuple[str, ...], int] = {}
    numbers: dict[ast.Call, int] = {}
    for call in calls:
        name = dotted(call.func) or ()
        numbers[call] = counts[name] = counts.get(name, -1) + 1
    return numbers


def _significant(node: ast.AST) -> Iterator[tuple[str, object]]:
    """Yield the fields of a node without docstrings and without the empty strings that some f-strings are given."""
    for name, value in ast.iter_fields(node):
        items = cast("list[object]", value) if isinstance(value, list) else None
        if items is not None and isinstance(node, ast.JoinedStr):
            yield name, [part for part in items if not (isinstance(part, ast.Constant) and part.value == "")]
        elif items is not None and name == "body":
            yield name, [statement for statement in items if not _is_docstring(statement)]
        else:
            yield name, value


def _is_docstring(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
