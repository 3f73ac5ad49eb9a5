"""Finding the definition of a function that a running program has."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dbos_gen.python.scopes.resolution import Scope
from dbos_gen.python.types.inference import FunctionScope, function_scope
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import FunctionNode, branches

_LOCALS = "<locals>"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnclosedDefinition:
    """A definition with the classes and functions around it, outermost first."""

    node: FunctionNode
    around: tuple[ast.ClassDef | FunctionNode, ...]

    @property
    def first_line(self) -> int:
        """The line that a compiled function counts from."""
        return min([self.node.lineno, *(decorator.lineno for decorator in self.node.decorator_list)])

    @property
    def is_in_local_class(self) -> bool:
        """Whether it is a method of a class that only a function knows."""
        functions = [index for index, outer in enumerate(self.around) if isinstance(outer, FunctionNode)]
        return bool(functions) and any(isinstance(outer, ast.ClassDef) for outer in self.around[functions[0] :])

    def annotations(self, source: Source) -> Scope:
        """Return where the annotations are looked up."""
        owners = [outer for outer in self.around if isinstance(outer, ast.ClassDef)]
        path = ".".join(owner.name for owner in owners)
        return Scope(source=source, owner=owners[-1] if owners else None, owner_path=path)

    def scope(self, source: Source) -> FunctionScope:
        """Return the scope of its body."""
        annotations = self.annotations(source)
        outer: FunctionScope | None = None
        for function in self.around:
            if isinstance(function, FunctionNode):
                outer = function_scope(function, annotations, outer=outer)
        return function_scope(self.node, annotations, outer=outer)


def find(source: Source, qualname: str, line: int) -> EnclosedDefinition | None:
    """Return the definition of a qualified name, of several the one that begins in ``line``."""
    parts = [part for part in qualname.split(".") if part != _LOCALS]
    found = list(_places(source.tree.body, parts, ()))
    at_line = [place for place in found if place.first_line == line]
    if at_line:
        return at_line[0]
    # The file may have been edited since it was imported.
    return found[0] if len(found) == 1 else None


def _places(
    body: Iterable[ast.stmt], parts: Sequence[str], around: tuple[ast.ClassDef | FunctionNode, ...]
) -> Iterator[EnclosedDefinition]:
    for statement in body:
        if isinstance(statement, FunctionNode | ast.ClassDef):
            if statement.name != parts[0]:
                continue
            if len(parts) > 1:
                yield from _places(statement.body, parts[1:], (*around, statement))
            elif isinstance(statement, FunctionNode):
                yield EnclosedDefinition(node=statement, around=around)
        else:
            for inner in branches(statement):
                yield from _places(inner, parts, around)
