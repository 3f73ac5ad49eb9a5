"""What the names of one scope are bound to, over conditional branches, without running any of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """``import a.b as c``, or the package ``a`` of ``import a.b``."""

    module: str


@dataclass(frozen=True, slots=True)
class ImportedName:
    """``from module import name``."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Defined:
    """A class, a function, an alias or a variable; ``node`` is the statement."""

    node: ast.stmt


ScopeEntry = ImportedModule | ImportedName | Defined


@dataclass(slots=True)
class Bindings:
    """The names of a scope, the modules it imports by full name, and those it star-imports."""

    names: dict[str, ScopeEntry] = field(default_factory=dict[str, ScopeEntry])
    modules: set[str] = field(default_factory=set[str])
    stars: list[str] = field(default_factory=list[str])


def collect(body: Iterable[ast.stmt], *, module: str, is_package: bool) -> Bindings:
    """Return the bindings of a body. A later binding wins, except that the preferred branch of a conditional does."""
    bindings = Bindings()
    for statement in body:
        _bind(statement, bindings, module, is_package=is_package)
    return bindings


def _bind(statement: ast.stmt, bindings: Bindings, module: str, *, is_package: bool) -> None:
    match statement:
        case ast.Import():
            _bind_modules(statement, bindings)
        case ast.ImportFrom():
            _bind_names(statement, bindings, import_origin(statement, module, is_package=is_package))
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            bindings.names[name] = Defined(statement)
        case ast.Assign(targets=targets):
            bindings.names.update((bound, Defined(statement)) for target in targets for bound in _targets(target))
        case ast.AnnAssign(target=ast.Name(id=name)):
            bindings.names[name] = Defined(statement)
        case _:
            type_alias = alias_name(statement)
            if type_alias is not None:
                bindings.names[type_alias] = Defined(statement)
            # The least preferred branch is bound first, so that the preferred one has the last word.
            for inner in (inner for branch in reversed(branches(statement)) for inner in branch):
                _bind(inner, bindings, module, is_package=is_package)


def _bind_modules(statement: ast.Import, bindings: Bindings) -> None:
    for imported in statement.names:
        bindings.modules.add(imported.name)
        whole = imported.name if imported.asname else imported.name.partition(".")[0]
        bindings.names[imported.asname or whole] = ImportedModule(whole)


def _bind_names(statement: ast.ImportFrom, bindings: Bindings, origin: str) -> None:
    for imported in statement.names:
        if imported.name == "*":
            bindings.stars.append(origin)
        else:
            bindings.names[imported.asname or imported.name] = ImportedName(origin, imported.name)


def alias_name(statement: ast.stmt) -> str | None:
    """Return the name that a ``type X = …`` statement binds; such statements exist from Python 3.12 on."""
    if type(statement).__name__ == "TypeAlias":
        name = getattr(statement, "name", None)
        if isinstance(name, ast.Name):
            return name.id
    return None


def branches(statement: ast.stmt) -> list[list[ast.stmt]]:
    """Return the bodies of a compound statement that share its scope, the preferred one first.

    A test of the Python version prefers ``else``: the older spelling is understood by every version.
    """
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            return [orelse, body] if orelse and _tests_version(test) else [body, orelse]
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            return [finalbody, orelse, body, *(handler.body for handler in handlers)]
        case ast.TryStar(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            return [finalbody, orelse, body, *(handler.body for handler in handlers)]
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return [body]
        case ast.For(body=body, orelse=orelse) | ast.AsyncFor(body=body, orelse=orelse):
            return [body, orelse]
        case ast.While(body=body, orelse=orelse):
            return [body, orelse]
        case ast.Match(cases=cases):
            return [case.body for case in cases]
        case _:
            return []


def _tests_version(test: ast.expr) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "version_info" for node in ast.walk(test))


def _targets(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _targets(element)
        case _:
            return


def import_origin(statement: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    """Return the full name of the module that ``from ... import`` in ``module`` takes from."""
    if not statement.level:
        return statement.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - statement.level + (1 if is_package else 0)]
    return ".".join([*kept, *([statement.module] if statement.module else [])])
