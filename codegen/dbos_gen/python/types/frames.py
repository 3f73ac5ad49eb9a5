"""Function bodies and what their local names are bound to, without running anything."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from dbos_gen.python.scopes.resolution import Scope
from dbos_gen.python.types.inference import FunctionScope, function_scope
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import children
from dbos_gen.vocabulary.findings import Finding, Note, Rule


class Via(enum.Enum):
    """How a value reaches a name: itself, as an element of an iterable, or as what a ``with`` block gives."""

    VALUE = "value"
    ELEMENT = "element"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class BoundValue:
    """One thing that a name is bound to."""

    via: Via
    value: ast.expr


@dataclass(slots=True, kw_only=True, eq=False)
class Frame:
    """One function, or the top level of a module: ``own`` are its nodes without those of nested functions."""

    scope: FunctionScope
    outer: Frame | None
    own: tuple[ast.AST, ...]
    _bound: dict[str, list[BoundValue | None]] | None = field(default=None)

    @property
    def is_module(self) -> bool:
        """Whether this is the top level of a module."""
        return self.outer is None

    def parameter(self, name: str) -> ast.arg | None:
        """Return the parameter of that name."""
        arguments = self.scope.node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        return next((argument for argument in every if argument is not None and argument.arg == name), None)

    def holder(self, name: str) -> Frame | None:
        """Return the innermost frame around this one that binds a name."""
        frame: Frame | None = self
        while frame is not None and name not in frame.bound() and frame.parameter(name) is None:
            frame = frame.outer
        return frame

    def bound(self) -> dict[str, list[BoundValue | None]]:
        """Return what each local name is bound to; None stands for something that is not followed."""
        if self._bound is None:
            self._bound = {}
            for node in self.own:
                for name, value in _bindings(node):
                    self._bound.setdefault(name, []).append(value)
        return self._bound

    def only(self, name: str) -> list[BoundValue] | None:
        """Return everything that a local name is bound to; None when some of it is not known."""
        found = self.bound().get(name, [])
        known = [each for each in found if each is not None]
        return known if known and len(known) == len(found) and self.parameter(name) is None else None


@lru_cache(maxsize=4)
def frames(source: Source) -> tuple[Frame, ...]:
    """Return the top level of a module and every function in it, those around others first."""
    module = module_frame(source)
    return (module, *_inside(module.own, module, Scope(source=source)))


def module_frame(source: Source) -> Frame:
    """Return the top level of a module."""
    node = ast.FunctionDef(
        name="<module>",
        args=ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]),
        body=source.tree.body,
        decorator_list=[],
    )
    scope = Scope(source=source)
    function = FunctionScope(node=node, body=scope, annotations=scope)
    return Frame(scope=function, outer=None, own=tuple(own_nodes(node.body)))


def function_frame(scope: FunctionScope, outer: Frame) -> Frame:
    """Return one function."""
    return Frame(scope=scope, outer=outer, own=tuple(own_nodes(scope.node.body)))


def own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of a body in the order of the source; of nested functions and classes only themselves."""
    pending = [*body][::-1]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, FunctionNode | ast.ClassDef):
            outside = [*node.decorator_list, *(node.bases if isinstance(node, ast.ClassDef) else ())]
            pending.extend(reversed(outside))
        else:
            pending.extend(reversed(children(node)))


def _inside(nodes: Iterable[ast.AST], outer: Frame, scope: Scope) -> Iterator[Frame]:
    for node in nodes:
        if isinstance(node, FunctionNode):
            around = None if outer.is_module else outer.scope
            inner = function_frame(function_scope(node, scope, outer=around), outer)
            yield inner
            yield from _inside(inner.own, inner, Scope(source=scope.source))
        elif isinstance(node, ast.ClassDef):
            path = f"{scope.owner_path}.{node.name}".lstrip(".")
            yield from _inside(own_nodes(node.body), outer, Scope(source=scope.source, owner=node, owner_path=path))


def _bindings(node: ast.AST) -> Iterator[tuple[str, BoundValue | None]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case (
            ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            | ast.NamedExpr(target=ast.Name(id=name), value=value)
        ):
            yield name, BoundValue(Via.VALUE, value)
        case (
            ast.For(target=target, iter=value)
            | ast.AsyncFor(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
        ):
            yield from _elements(target, value)
        case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
            yield name, BoundValue(Via.CONTEXT, value)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield from _unknown(target)
        case _:
            for name in _named(node):
                yield name, None


def _named(node: ast.AST) -> list[str]:
    """Return the names that a node binds to something that is not followed."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name)):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.ExceptHandler(name=str() as name):
            return [name]
        case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
            return [name]
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name.partition(".")[0] for alias in aliases]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
        case _:
            return []


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, BoundValue | None]]:
    match target:
        case ast.Name(id=name):
            yield name, BoundValue(Via.VALUE, value)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            values = _unpacked(value)
            if len(values) == len(targets) and not any(isinstance(each, ast.Starred) for each in (*targets, *values)):
                for inner, part in zip(targets, values, strict=True):
                    yield from _assigned(inner, part)
            else:
                yield from _unknown(target)
        case _:
            return


def _unpacked(value: ast.expr) -> list[ast.expr]:
    """Return the values that unpacking gives: of a display, and of ``await asyncio.gather(...)``."""
    match value:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return elements
        case ast.Await(value=ast.Call(func=ast.Attribute(attr="gather") | ast.Name(id="gather"), args=arguments)):
            return [ast.copy_location(ast.Await(value=argument), argument) for argument in arguments]
        case _:
            return []


def _elements(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, BoundValue | None]]:
    if isinstance(target, ast.Name):
        yield target.id, BoundValue(Via.ELEMENT, value)
    else:
        yield from _unknown(target)


def _unknown(target: ast.expr) -> Iterator[tuple[str, BoundValue | None]]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, None


def finding_at(node: ast.expr, frame: Frame, rule: Rule, text: str, hint: str, notes: tuple[Note, ...] = ()) -> Finding:
    """Return a finding about an expression of a frame."""
    return Finding(
        path=frame.scope.body.source.path,
        line=node.lineno,
        column=node.col_offset,
        code=rule.value,
        text=text,
        hint=hint,
        notes=notes,
    )
