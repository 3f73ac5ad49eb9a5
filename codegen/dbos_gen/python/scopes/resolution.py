"""Name resolution: what a dotted name of a scope refers to, through aliases, re-exports and star imports."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field

from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.bindings import Defined, ImportedModule, ImportedName, ScopeEntry, collect
from dbos_gen.vocabulary.runtimes import RUNTIMES

_BUILTINS = frozenset(dir(builtins))
_MAX_HOPS = 50
_LOCAL = "<locals>"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Symbol:
    """The thing a name stands for: ``path`` inside ``module``.

    ``node`` and ``source`` are known for what the project defines; ``path`` is empty for a module.
    """

    module: str
    path: str
    node: ast.stmt | None = None
    source: Source | None = None

    @property
    def is_runtime(self) -> bool:
        """Whether this belongs to a runtime."""
        return self.module.partition(".")[0] in RUNTIMES

    def is_of(self, package: str) -> bool:
        """Whether this belongs to a top-level package."""
        return self.module.partition(".")[0] == package

    def is_dbos(self, *paths: str) -> bool:
        """Whether this is one of the runtime's public names."""
        return self.is_runtime and self.path in paths

    @property
    def is_local(self) -> bool:
        """Whether this is defined inside a function, where no other module can import it."""
        return self.path.startswith(_LOCAL)

    def value_scope(self, here: Scope) -> Scope:
        """Return the scope in which the value of a variable is read that was found in the scope ``here``."""
        return here if self.is_local or self.source is None else Scope(source=self.source)

    def is_typing(self, *names: str) -> bool:
        """Whether this is one of the names of ``typing``."""
        return self.module in ("typing", "typing_extensions") and self.path in names


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """Where a name is looked up: local names first, then the enclosing class, then the module, then builtins.

    ``owner`` is the class whose body is the scope, with its qualified name; ``type_parameters`` are names declared in
    brackets, with the names that the stub gives them.
    """

    source: Source
    owner: ast.ClassDef | None = None
    owner_path: str = ""
    locals: Mapping[str, ScopeEntry] = field(default_factory=dict[str, ScopeEntry])
    type_parameters: Mapping[str, str] = field(default_factory=dict[str, str])


def dotted(node: ast.expr) -> tuple[str, ...] | None:
    """Return ``("a", "b")`` for ``a.b`` and None for anything that is not a dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return (node.id, *reversed(parts))


class Resolver:
    """Looks names up in the modules of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._members: dict[ast.ClassDef, dict[str, ScopeEntry]] = {}
        self._scopes: dict[Source, Scope] = {}

    def load(self, module: str) -> Source | None:
        """Return a module of the project."""
        if module.partition(".")[0] in RUNTIMES:
            return None
        return self._project.load(module)

    def resolve(self, scope: Scope, expression: ast.expr) -> Symbol | None:
        """Return what a dotted name refers to, following plain aliases (``D = DBOS``), or None."""
        name = dotted(expression)
        return None if name is None else self.canonical(self.lookup(scope, name))

    def lookup(self, scope: Scope, name: tuple[str, ...], hops: int = 0) -> Symbol | None:
        """Return what a dotted name refers to, or None when nothing binds it; the last alias is not followed."""
        first = name[0]
        if hops > _MAX_HOPS:
            return None
        if first in scope.type_parameters:
            return Symbol(module="", path=scope.type_parameters[first])
        local = scope.locals.get(first)
        if local is not None:
            return self._follow(scope, local, _LOCAL, name, hops)
        if scope.owner is not None:
            inner = self._class_bindings(scope.owner, scope.source).get(first)
            if inner is not None:
                return self._follow(scope, inner, scope.owner_path, name, hops)
        found = self._in_module(scope.source, name, hops)
        if found is None and first in _BUILTINS:
            return Symbol(module="builtins", path=".".join(name))
        return found

    def canonical(self, symbol: Symbol | None, hops: int = 0) -> Symbol | None:
        """Follow plain aliases to the thing itself."""
        while symbol is not None and hops < _MAX_HOPS:
            hops += 1
            value = assigned_value(symbol.node)
            name = None if value is None else dotted(value)
            if name is None or symbol.source is None:
                return symbol
            target = self.lookup(Scope(source=symbol.source), name, hops)
            if target is None:
                return symbol
            symbol = target
        return symbol

    def _in_module(self, source: Source, name: tuple[str, ...], hops: int) -> Symbol | None:
        binding = source.bindings.names.get(name[0])
        if binding is not None:
            scope = self._scopes.get(source)
            if scope is None:
                scope = self._scopes[source] = Scope(source=source)
            return self._follow(scope, binding, "", name, hops)
        for star in reversed(source.bindings.stars):
            origin = self.load(star)
            if origin is not None and origin is not source and not name[0].startswith("_"):
                found = self._in_module(origin, name, hops + 1) if hops < _MAX_HOPS else None
                if found is not None:
                    return found
            elif name[0] in _STAR_NAMES.get(star, frozenset()):
                return Symbol(module=star, path=".".join(name))
        return None

    def _follow(self, scope: Scope, binding: ScopeEntry, owner: str, name: tuple[str, ...], hops: int) -> Symbol | None:
        first, rest = name[0], name[1:]
        match binding:
            case ImportedModule(module):
                return self._member(scope.source, module, rest, hops)
            case ImportedName(module, imported):
                source = self.load(module)
                if source is not None:
                    found = self._in_module(source, (imported, *rest), hops + 1) if hops < _MAX_HOPS else None
                    if found is not None:
                        return found
                submodule = f"{module}.{imported}"
                if self._is_module(submodule):
                    return self._member(scope.source, submodule, rest, hops)
                return Symbol(module=module, path=".".join((imported, *rest)))
            case Defined(node):
                path = f"{owner}.{first}" if owner else first
                return self._descend(scope, node, path, rest, hops)

    def _is_module(self, module: str) -> bool:
        return module.partition(".")[0] not in RUNTIMES and self._project.exists(module)

    def _member(self, importer: Source, module: str, rest: tuple[str, ...], hops: int) -> Symbol | None:
        while rest:
            source = self.load(module)
            if source is not None and hops < _MAX_HOPS:
                found = self._in_module(source, rest, hops + 1)
                if found is not None:
                    return found
            longer = f"{module}.{rest[0]}"
            imported = any(name == longer or name.startswith(f"{longer}.") for name in importer.bindings.modules)
            if not imported and not self._is_module(longer):
                break
            module, rest = longer, rest[1:]
        return Symbol(module=module, path=".".join(rest), source=self.load(module) if not rest else None)

    def _descend(self, scope: Scope, node: ast.stmt, path: str, rest: tuple[str, ...], hops: int) -> Symbol | None:
        symbol = Symbol(module=scope.source.name, path=path, node=node, source=scope.source)
        if not rest:
            return symbol
        if isinstance(node, ast.ClassDef):
            member = self._class_bindings(node, scope.source).get(rest[0])
            if isinstance(member, Defined):
                return self._descend(scope, member.node, f"{path}.{rest[0]}", rest[1:], hops)
            for base in node.bases:
                inherited = self._inherited(scope, base, rest, hops)
                if inherited is not None:
                    return inherited
        value = assigned_value(node)
        # `dbos = DBOS(...)`: what its attributes are is what the class says.
        target = value.func if isinstance(value, ast.Call) else value
        name = None if target is None else dotted(target)
        if name is not None and hops < _MAX_HOPS:
            return self.lookup(Scope(source=scope.source), (*name, *rest), hops + 1)
        return Symbol(module=scope.source.name, path=".".join((path, *rest)), source=scope.source)

    def _inherited(self, scope: Scope, base: ast.expr, rest: tuple[str, ...], hops: int) -> Symbol | None:
        name = dotted(base)
        if name is None or hops >= _MAX_HOPS:
            return None
        found = self.lookup(Scope(source=scope.source), (*name, *rest), hops + 1)
        return found if found is not None and found.node is not None else None

    def _class_bindings(self, node: ast.ClassDef, source: Source) -> dict[str, ScopeEntry]:
        if node not in self._members:
            self._members[node] = collect(node.body, module=source.name, is_package=source.is_package).names
        return self._members[node]


_RUNTIME_NAMES = frozenset({"DBOS", "Event", "Topic", "Stream", "Queue", "DBOSConfiguredInstance", "WorkflowHandle"})
# What these export is known well enough to see whether a name is one of theirs.
_STAR_NAMES = {
    **dict.fromkeys(RUNTIMES, _RUNTIME_NAMES),
    "typing": frozenset({"Any", "Literal", "Optional", "Union", "Annotated", "TypeVar", "overload", "cast", "Final"}),
}


def assigned_value(node: ast.stmt | None) -> ast.expr | None:
    """Return the value of a one-target assignment."""
    match node:
        case ast.Assign(targets=[ast.Name()], value=value):
            return value
        case ast.AnnAssign(value=value):
            return value
        case _:
            return None
