"""One walk over a body: what it binds, calls, reads, changes and repeats, without what nested functions do."""

from __future__ import annotations

import ast
import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from dbos_gen.syntax.bindings import FunctionNode

ComprehensionNode = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
LoopNode = ast.For | ast.AsyncFor | ComprehensionNode
ImportNode = ast.Import | ast.ImportFrom


class BindingForm(enum.Enum):
    """How a name gets its value."""

    PARAMETER = "parameter"
    ASSIGNED = "assigned"
    ENTERED = "entered"
    ITERATED = "iterated"
    IMPORTED = "imported"
    DEFINED = "defined"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name.

    ``value`` is what is assigned, entered or iterated over, ``annotation`` what an annotated assignment declares,
    ``node`` the statement of an import or definition. ``whole`` is what a destructured value is a part of, at ``path``.
    """

    how: BindingForm
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    node: ast.stmt | None = None
    whole: Whole | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """What is destructured, how it is bound, and where in it a name's value is.

    ``rest`` is how many items stand before and behind those that a starred name takes.
    """

    how: BindingForm
    value: ast.expr
    path: tuple[int, ...]
    rest: tuple[int, int] | None = None


@dataclass(slots=True)
class Body:
    """What one walk found; every list is in the order of the source."""

    bindings: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    global_names: set[str] = field(default_factory=set[str])
    nonlocal_names: set[str] = field(default_factory=set[str])
    calls: list[ast.Call] = field(default_factory=list[ast.Call])
    attributes: list[ast.Attribute] = field(default_factory=list[ast.Attribute])
    subscripts: list[ast.Subscript] = field(default_factory=list[ast.Subscript])
    names: list[ast.Name] = field(default_factory=list[ast.Name])
    loops: list[LoopNode] = field(default_factory=list[LoopNode])
    entered: list[ast.expr] = field(default_factory=list[ast.expr])
    awaited: set[ast.expr] = field(default_factory=set[ast.expr])
    statements: list[ast.Expr] = field(default_factory=list[ast.Expr])
    changes: list[ast.stmt] = field(default_factory=list[ast.stmt])
    """Assignments, augmented ones and ``del`` of something other than plain names."""
    returned: list[ast.expr] = field(default_factory=list[ast.expr])
    raised: list[ast.Raise] = field(default_factory=list[ast.Raise])
    guarded: list[range] = field(default_factory=list[range])
    """The lines on which an ``except`` may catch what is raised."""
    functions: list[FunctionNode] = field(default_factory=list[FunctionNode])
    classes: list[ast.ClassDef] = field(default_factory=list[ast.ClassDef])
    lambdas: list[ast.Lambda] = field(default_factory=list[ast.Lambda])
    tested: list[ast.expr] = field(default_factory=list[ast.expr])
    """The conditions of ``if``."""
    first_lines: dict[int, int] = field(default_factory=dict[int, int])
    """Line of a continued statement -> the line where it begins."""
    has_yield: bool = False
    subjects: dict[ast.AST, ast.expr] = field(default_factory=dict[ast.AST, ast.expr])
    """Patterns that take the whole of what is matched -> that expression."""


_LEAVES = frozenset({"attr", "arg", "asname", "conversion", "ctx", "id", "kind", "level", "op", "ops", "type_comment"})
"""Fields that hold no nodes, or none that say anything on their own, in every kind of node."""
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


def read_body(statements: Iterable[ast.stmt], *, returns: ast.expr | None = None) -> Body:
    """Walk statements; deep nesting is no problem. ``returns`` is the value of a lambda."""
    body = Body()
    if returns is not None:
        body.returned.append(returns)
    pending: list[ast.AST] = list(statements)
    pending.reverse()
    while pending:
        node = pending.pop()
        visit = _VISITORS.get(type(node))
        inner = None if visit is None else visit(node, body)
        if inner is None:
            inner = children(node)
        if isinstance(node, ast.stmt) and node.end_lineno != node.lineno:
            _note_lines(node, body)
        pending.extend(reversed(inner))
    return body


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly inside a node, without operators and the marks of loading and storing."""
    kind = type(node)
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _LEAVES)
    found: list[ast.AST] = []
    for name in fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found.extend([item for item in value if isinstance(item, ast.AST)])  # pyright: ignore[reportUnknownVariableType]  # the fields of nodes are untyped
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def iterated(loop: LoopNode) -> list[ast.expr]:
    """Return what a loop or a comprehension iterates over."""
    return [loop.iter] if isinstance(loop, ast.For | ast.AsyncFor) else [inner.iter for inner in loop.generators]


def _note_lines(node: ast.stmt, body: Body) -> None:
    match node:
        case ast.Expr() | ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Return() | ast.Raise() | ast.Assert():
            last = node.end_lineno or node.lineno
        case _:
            return
    for line in range(node.lineno + 1, last + 1):
        body.first_lines.setdefault(line, node.lineno)


def _bind(body: Body, name: str, binding: Binding) -> None:
    body.bindings.setdefault(name, []).append(binding)


def _bind_target(
    body: Body, target: ast.expr, how: BindingForm, value: ast.expr | None, whole: Whole | None = None
) -> None:
    """Bind the names of a target; a part of a destructured value counts as something else, with where it comes from."""
    match target:
        case ast.Name(id=name):
            _bind(body, name, Binding(how, value, whole=whole))
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            values: list[ast.expr] | None = None
            if (
                isinstance(value, ast.Tuple | ast.List)
                and len(value.elts) == len(elements)
                and how is BindingForm.ASSIGNED
            ):
                values = value.elts
            if whole is None and value is not None:
                whole = Whole(how, value, ())
            starred = next((i for i, element in enumerate(elements) if isinstance(element, ast.Starred)), len(elements))
            for index, element in enumerate(elements):
                position = index if index < starred else index - len(elements)
                if isinstance(element, ast.Starred):
                    rest = (index, len(elements) - index - 1)
                    part = None if whole is None else Whole(whole.how, whole.value, whole.path, rest)
                    _bind_target(body, element.value, BindingForm.OTHER, None, part)
                elif values is not None:
                    _bind_target(body, element, how, values[index])
                else:
                    part = None if whole is None else Whole(whole.how, whole.value, (*whole.path, position))
                    _bind_target(body, element, BindingForm.OTHER, None, part)
        case _:
            pass


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, body: Body) -> list[ast.AST]:
    body.functions.append(node)
    _bind(body, node.name, Binding(BindingForm.DEFINED, node=node))
    return [*node.decorator_list, *_defaults(node.args)]


def _defaults(arguments: ast.arguments) -> list[ast.AST]:
    return [*arguments.defaults, *(value for value in arguments.kw_defaults if value is not None)]


def _class(node: ast.ClassDef, body: Body) -> list[ast.AST]:
    body.classes.append(node)
    _bind(body, node.name, Binding(BindingForm.DEFINED, node=node))
    return [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]


def _lambda(node: ast.Lambda, body: Body) -> list[ast.AST]:
    body.lambdas.append(node)
    return _defaults(node.args)


def _assign(node: ast.Assign, body: Body) -> list[ast.AST]:
    for target in node.targets:
        _bind_target(body, target, BindingForm.ASSIGNED, node.value)
    if any(not isinstance(target, ast.Name) for target in node.targets):
        body.changes.append(node)
    return [*node.targets, node.value]


def _annotated(node: ast.AnnAssign, body: Body) -> list[ast.AST]:
    if isinstance(node.target, ast.Name):
        _bind(body, node.target.id, Binding(BindingForm.ASSIGNED, node.value, node.annotation))
    else:
        body.changes.append(node)
    # The annotation is no code that runs in the function.
    return [node.target, *([] if node.value is None else [node.value])]


def _augmented(node: ast.AugAssign, body: Body) -> list[ast.AST]:
    # `x += 1` keeps what x is as far as the rules care, so it is no binding of its own.
    body.changes.append(node)
    if isinstance(node.target, ast.Name):
        body.bindings.setdefault(node.target.id, [])
        if not body.bindings[node.target.id]:
            body.bindings[node.target.id].append(Binding(BindingForm.OTHER))
    return [node.target, node.value]


def _delete(node: ast.Delete, body: Body) -> list[ast.AST]:
    body.changes.append(node)
    return list(node.targets)


def _loop(node: ast.For | ast.AsyncFor, body: Body) -> None:
    body.loops.append(node)
    _bind_target(body, node.target, BindingForm.ITERATED, node.iter)


def _comprehension(node: ComprehensionNode, body: Body) -> list[ast.AST]:
    body.loops.append(node)
    inner: list[ast.AST] = []
    for generator in node.generators:
        _bind_target(body, generator.target, BindingForm.ITERATED, generator.iter)
        inner.extend((generator.iter, *generator.ifs))
    if isinstance(node, ast.DictComp):
        return [*inner, node.key, node.value]
    return [*inner, node.elt]


def _with(node: ast.With | ast.AsyncWith, body: Body) -> None:
    for item in node.items:
        body.entered.append(item.context_expr)
        if isinstance(item.optional_vars, ast.Name):
            _bind_target(body, item.optional_vars, BindingForm.ENTERED, item.context_expr)
        elif item.optional_vars is not None:
            _bind_target(body, item.optional_vars, BindingForm.OTHER, None)


def _handler(node: ast.ExceptHandler, body: Body) -> None:
    if node.name is not None:
        _bind(body, node.name, Binding(BindingForm.OTHER))


def _try(node: ast.Try | ast.TryStar, body: Body) -> None:
    if node.handlers:
        body.guarded.append(range(node.body[0].lineno, (node.body[-1].end_lineno or node.body[-1].lineno) + 1))


def _import(node: ImportNode, body: Body) -> list[ast.AST]:
    for imported in node.names:
        if imported.name == "*":
            continue
        name = imported.asname or imported.name
        if isinstance(node, ast.Import) and imported.asname is None:
            name = imported.name.partition(".")[0]
        _bind(body, name, Binding(BindingForm.IMPORTED, node=node))
    return []


def _walrus(node: ast.NamedExpr, body: Body) -> None:
    _bind_target(body, node.target, BindingForm.ASSIGNED, node.value)


def _match(node: ast.Match, body: Body) -> None:
    for case in node.cases:
        if isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
            body.subjects[case.pattern] = node.subject


def _captured(node: ast.MatchAs | ast.MatchStar, body: Body) -> None:
    if node.name is not None:
        subject = body.subjects.get(node)
        whole = None if subject is None else Whole(BindingForm.ASSIGNED, subject, ())
        _bind(body, node.name, Binding(BindingForm.OTHER, whole=whole))


def _mapped(node: ast.MatchMapping, body: Body) -> None:
    if node.rest is not None:
        _bind(body, node.rest, Binding(BindingForm.OTHER))


def _type_alias(node: ast.AST, body: Body) -> list[ast.AST]:
    name = getattr(node, "name", None)
    if isinstance(name, ast.Name):
        _bind(body, name.id, Binding(BindingForm.OTHER))
    return []


def _if(node: ast.If | ast.IfExp, body: Body) -> None:
    body.tested.append(node.test)


def _return(node: ast.Return, body: Body) -> None:
    if node.value is not None:
        body.returned.append(node.value)


def _yield(_node: ast.AST, body: Body) -> None:
    body.has_yield = True


def _name(node: ast.Name, body: Body) -> list[ast.AST]:
    if isinstance(node.ctx, ast.Load):
        body.names.append(node)
    return []


def _attribute(node: ast.Attribute, body: Body) -> None:
    body.attributes.append(node)


# The nodes are Any: each visitor gets the kinds of node that the table gives it.
_VISITORS: dict[type[ast.AST], Callable[[Any, Body], list[ast.AST] | None]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Lambda: _lambda,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.ExceptHandler: _handler,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.NamedExpr: _walrus,
    ast.Match: _match,
    ast.MatchAs: _captured,
    ast.MatchStar: _captured,
    ast.MatchMapping: _mapped,
    ast.If: _if,
    ast.IfExp: _if,
    ast.Return: _return,
    ast.Raise: lambda node, body: body.raised.append(node),
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Global: lambda node, body: body.global_names.update(node.names),
    ast.Nonlocal: lambda node, body: body.nonlocal_names.update(node.names),
    ast.Call: lambda node, body: body.calls.append(node),
    ast.Subscript: lambda node, body: body.subscripts.append(node),
    ast.Await: lambda node, body: body.awaited.add(node.value),
    ast.Expr: lambda node, body: body.statements.append(node),
    ast.Constant: lambda _node, _body: [],
}
_TYPE_ALIAS: type[ast.AST] | None = getattr(ast, "TypeAlias", None)
if _TYPE_ALIAS is not None:
    _VISITORS[_TYPE_ALIAS] = _type_alias
