"""Generated code that is older than the workflows that it was generated from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from dbos_gen.module_scanner import ModuleScanner
from dbos_gen.program.program import Program
from dbos_gen.rules.addressing.registrations import Registrations
from dbos_gen.sources.config import Config
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.bindings import import_origin
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.findings import Finding, Note, Rule
from dbos_gen.vocabulary.identifiers import MARK

_HEADER = re.compile(rf"{re.escape(MARK)}\S+ from (?P<path>.+); do not edit\.\n# Input: (?P<digest>[0-9a-f]+)\n")
_HINT = "run dbos-gen"


class _StaleJudge:
    """Compares generated modules with their sources, each once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._registrations = Registrations(program)
        self._found: Memory[str, str | None] = Memory(program.project)

    def check(self, source: Source) -> Iterator[Finding]:
        config = self._registrations.config(source)
        if config is None or not config.output:
            return
        if _is_within(source.name, config.output):
            origin = self._newer(source.name, config)
            if origin is not None:
                yield _finding(source, 1, 0, "this module", origin)
            return
        if config.output.rpartition(".")[2] not in source.words:
            return
        for name, node in _imports(source):
            if _is_within(name, config.output):
                origin = self._newer(name, config)
                if origin is not None:
                    yield _finding(source, node.lineno, node.col_offset, f"the generated module {name}", origin)

    def _newer(self, name: str, config: Config) -> str | None:
        """Return the file that has changed since a module was generated from it."""
        return self._found.get(name, lambda: self._compare(name, config), lambda: None)

    def _compare(self, name: str, config: Config) -> str | None:
        file = self._program.project.locate(name)
        if file is None:
            return None
        header = _header(file)
        if header is None:
            return None
        origin = (config.project / header["path"]).resolve()
        if not origin.is_file() or not origin.is_relative_to(config.root):
            return None
        parts = list(origin.relative_to(config.root).with_suffix("").parts)
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        # Only what the generator itself would look at counts, and type checkers look in more places.
        project = Project(config.root, base=config.project, diagnostics=Diagnostics())
        scanner = ModuleScanner(project, Diagnostics(), runtime=config.runtime)
        with project.asking() as asked:
            scanned = scanner.scan(module)
        for other in asked:
            self._program.project.locate(other)
        return header["path"] if scanned is not None and scanned.digest != header["digest"] else None


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the imports of generated modules that are older than their sources; for such a module, its first line."""
    return _judge(program).check(source)


def generated_modules(config: Config) -> tuple[str, ...]:
    """Return the modules of the output package that dbos-gen wrote."""
    if not config.output:
        return ()
    folder = config.output_folder
    found = [file for file in sorted(folder.rglob("*.py")) if _header(file) is not None]
    names = [".".join((config.output, *file.relative_to(folder).with_suffix("").parts)) for file in found]
    return tuple(name.removesuffix(".__init__") for name in names)


@lru_cache(maxsize=4)
def _judge(program: Program) -> _StaleJudge:
    return _StaleJudge(program)


def _header(file: Path) -> re.Match[str] | None:
    try:
        with file.open(encoding="utf-8") as stream:
            return _HEADER.match(stream.readline() + stream.readline())
    except (OSError, UnicodeDecodeError):
        return None


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _imports(source: Source) -> Iterator[tuple[str, ast.stmt]]:
    """Yield what a module imports, anywhere in it; of ``from a import b`` both ``a`` and ``a.b``."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            origin = import_origin(node, source.name, is_package=source.is_package)
            yield origin, node
            for alias in node.names:
                yield f"{origin}.{alias.name}", node


def _finding(source: Source, line: int, column: int, what: str, origin: str) -> Finding:
    return Finding(
        path=source.path,
        line=line,
        column=column,
        code=Rule.STALE.value,
        text=f"{what} is older than {origin}, so its types are not those of the workflows",
        hint=_HINT,
        notes=(Note(path=origin, line=1, text="this, or what it imports, has changed since"),),
    )
