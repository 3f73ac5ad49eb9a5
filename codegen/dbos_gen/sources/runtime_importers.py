"""Which modules have anything to do with the runtime: those that import it, or a module that does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.bindings import branches, import_origin
from dbos_gen.vocabulary.runtimes import RUNTIMES


class Relevance:
    """Follows imports. No rule has anything to say about a module from which the runtime cannot be reached."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._imports: dict[Source, tuple[str, ...]] = {}
        self._known: dict[str, tuple[bool, frozenset[str]]] = {}

    def is_concerned(self, source: Source) -> bool:
        """Whether the runtime can be reached from a module through imports."""
        known = self._known.get(source.name)
        if known is None:
            with self._project.asking() as asked:
                result, seen = self._search(source)
            known = (result, frozenset(asked))
            # What a module that leads nowhere imports leads nowhere either.
            for name in (source.name,) if result else seen:
                self._known[name] = known
        for name in known[1]:
            self._project.locate(name)
        return known[0]

    def _search(self, source: Source) -> tuple[bool, set[str]]:
        pending, seen = [source], {source.name}
        for current in pending:
            for name in self._imported(current):
                if name.partition(".")[0] in RUNTIMES:
                    return True, seen
                if name in seen:
                    continue
                found = self._project.load(name)
                if found is not None:
                    seen.add(name)
                    pending.append(found)
        return False, seen

    def _imported(self, source: Source) -> tuple[str, ...]:
        if source not in self._imports:
            self._imports[source] = tuple(dict.fromkeys(_imports(source)))
        return self._imports[source]


def _imports(source: Source) -> Iterator[str]:
    """Yield every module that may be meant by an import anywhere in a module."""
    pending: list[ast.stmt] = list(source.tree.body)
    while pending:
        node = pending.pop()
        match node:
            case ast.Import(names=names):
                for imported in names:
                    yield from _with_packages(imported.name)
            case ast.ImportFrom(names=names):
                origin = import_origin(node, source.name, is_package=source.is_package)
                yield from _with_packages(origin)
                yield from (f"{origin}.{imported.name}" for imported in names)
            case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) | ast.ClassDef(body=body):
                pending.extend(body)
            case _:
                for branch in branches(node):
                    pending.extend(branch)


def _with_packages(name: str) -> Iterator[str]:
    end = 0
    while (end := name.find(".", end + 1)) > 0:
        yield name[:end]
    yield name
