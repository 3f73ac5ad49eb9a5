"""Modules of the project as parsed text; nothing is imported or executed."""

from __future__ import annotations

import ast
import hashlib
import io
import os
import re
import sys
import tokenize
import warnings
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.sources.display_paths import relative
from dbos_gen.sources.file_states import Files, content_digest
from dbos_gen.sources.roots import EVERYTHING, Roots, without_implied
from dbos_gen.syntax.bindings import Bindings, ImportedModule, ImportedName, collect
from dbos_gen.syntax.parsing import TOO_DEEP, parse
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.identifiers import MARK

_WORD = re.compile(r"\w+")
_BRACKETS = (3, 12)
_NEEDS_BRACKETS = re.compile(r"\s*(?:type\s+\w+\s*[=\[]|(?:async\s+)?def\s+\w+\s*\[|class\s+\w+\s*\[)")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One parsed module; ``path`` is relative to the project.

    ``digest`` is of the text with normalised newlines, ``content`` of the file as the cache compares it;
    ``is_generated`` when the generator wrote it; ``words`` are those of the text, comments included, so that what has
    none of the words in question need not be looked at.
    """

    name: str
    path: str
    is_package: bool
    digest: str
    content: str
    is_generated: bool
    words: frozenset[str]
    tree: ast.Module
    bindings: Bindings


class Project:
    """The modules below one root and, where it has none of a name, below the others; parsed at most once each."""

    def __init__(
        self,
        root: Path,
        *,
        base: Path,
        diagnostics: Diagnostics,
        others: Iterable[Path] = (),
        roots: Roots | None = None,
    ) -> None:
        """`roots` are the folders where they are not simply `root` and `others`."""
        self._root = root
        self._roots = roots or Roots(os.fspath(folder) for folder in (root, *others))
        self._base = base
        self._diagnostics = diagnostics
        self._sources: dict[str, Source | None] = {}
        self._located: dict[str, Path | None] = {}
        self._read: set[str] = set()
        self._asked: set[str] = set()

    def shown(self, file: Path) -> str:
        """Return a path as messages show it."""
        return relative(file, self._base)

    def place(self, name: str, file: Path) -> None:
        """Say which file a module is, where its name does not lead there (``__main__``)."""
        self._roots.place(name, os.fspath(file))

    def locate(self, name: str) -> Path | None:
        """Return the file of a dotted module name, if a root has one."""
        self._asked.add(name)
        if name not in self._located:
            file = self._roots.file(name)
            self._located[name] = None if file is None else Path(file)
        return self._located[name]

    def state(self, name: str, files: Files) -> str:
        """Return what a name stands for now, as ``Roots.state`` says it."""
        self._asked.add(name)
        source = self._sources.get(name)

        def digest(file: str) -> str:
            found = files.digest(file)
            # What was parsed counts, should the file have changed since.
            return found if source is None else source.content

        return self._roots.state(name, digest)

    def states(self, names: Iterable[str], files: Files) -> dict[str, str]:
        """Return what names stand for, without those that stand for nothing because of others."""
        return without_implied({name: self.state(name, files) for name in names})

    def top_level_names(self) -> frozenset[str]:
        """Return the top-level names of the project's own modules."""
        entries = [entry for entry in self._root.iterdir() if entry.is_dir() or entry.suffix == ".py"]
        return frozenset(entry.stem for entry in entries if entry.stem.isidentifier())

    def exists(self, name: str) -> bool:
        """Whether the name is a module or a package, with or without ``__init__``, below a root."""
        self._asked.add(name)
        return self._roots.exists(name)

    def load(self, name: str) -> Source | None:
        """Return a module, or None when the root has none of that name or it cannot be read or parsed (reported)."""
        self._asked.add(name)
        if name not in self._sources:
            file = self.locate(name)
            self._sources[name] = None if file is None else self._parse(name, file)
        source = self._sources[name]
        if source is not None:
            self._read.add(name)
        return source

    @contextmanager
    def reading(self) -> Generator[set[str], None, None]:
        """Collect the names of the modules that are read inside the block."""
        outer, self._read = self._read, set()
        try:
            yield self._read
        finally:
            self._read = outer

    @contextmanager
    def asking(self) -> Generator[set[str], None, None]:
        """Collect the names of all modules that are asked for inside the block, whether they exist or not."""
        outer, self._asked = self._asked, set()
        try:
            yield self._asked
        finally:
            self._asked = outer

    def ask(self, names: frozenset[str], read: frozenset[str] = frozenset()) -> None:
        """Say that what is being answered depends on modules that were located, and on some that were read, before."""
        self._asked |= names
        self._read |= read

    def consult_everything(self) -> None:
        """Say that what is being answered depends on all files below the roots."""
        self._asked.add(EVERYTHING)

    def is_broken(self, name: str) -> bool:
        """Whether a module is there and could not be read or parsed."""
        return self._sources.get(name) is None and self._located.get(name) is not None and name in self._sources

    def digest(self, names: set[str]) -> str:
        """Return one digest over the text of several modules.

        Generated ones do not count: they follow from the others, and must not make what is generated out of date.
        """
        whole = hashlib.sha256()
        for name in sorted(names):
            source = self._sources.get(name)
            if source is not None and not source.is_generated:
                whole.update(f"{name}={source.digest}\n".encode())
        return whole.hexdigest()[:16]

    def _parse(self, name: str, file: Path) -> Source | None:
        shown = self.shown(file)
        try:
            data = file.read_bytes()
            text = _decode(data)
        except OSError as error:
            self._diagnostics.add(
                Code.DG002, shown, 0, f"the file cannot be read: {error.strerror}", "check its permissions"
            )
            return None
        except (UnicodeError, LookupError, SyntaxError) as error:
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            self._diagnostics.add(
                Code.DG002, shown, 1, f"the file is not text in its declared encoding: {reason}", "save it as UTF-8"
            )
            return None
        try:
            with warnings.catch_warnings():
                # Invalid escapes and the like are the business of the user's linter.
                warnings.simplefilter("ignore")
                tree = parse(text, shown)
        except SyntaxError as error:
            line = error.lineno or 1
            if error.msg == TOO_DEEP:
                what, hint = "the module is nested too deeply to parse", "split the expression"
            else:
                what, hint = f"the module does not parse: {error.msg}", _remedy(text, line)
            self._diagnostics.add(Code.DG001, shown, line, what, hint)
            return None
        is_package = file.name == "__init__.py"
        return Source(
            name=name,
            path=shown,
            is_package=is_package,
            digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            content=content_digest(data),
            is_generated=text.startswith(MARK),
            words=frozenset(_WORD.findall(text)),
            tree=tree,
            bindings=collect(tree.body, module=name, is_package=is_package),
        )


def _remedy(text: str, line: int) -> str:
    """Say what to do about a syntax error: it may be one for this version of Python only."""
    lines = text.split("\n")
    written = lines[line - 1] if 0 < line <= len(lines) else ""
    if sys.version_info < _BRACKETS and _NEEDS_BRACKETS.match(written):
        needed = ".".join(map(str, _BRACKETS))
        return (
            f"type parameters in brackets and `type` statements need Python {needed}, and dbos-gen runs on "
            f"{sys.version_info[0]}.{sys.version_info[1]}: install it for the Python that the module is written for"
        )
    return "correct it and run again, on the Python that the module is written for"


def _decode(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.StringIO(data.decode(encoding), newline=None).read()


def imported(project: Project, names: Iterable[str]) -> list[str]:
    """Return modules and all modules of the project that they import, one through the other."""
    found: dict[str, None] = {}
    pending = list(names)
    while pending:
        name = pending.pop()
        source = None if name in found else project.load(name)
        if source is None:
            continue
        found[name] = None
        pending.extend(source.bindings.modules)
        pending.extend(source.bindings.stars)
        for binding in source.bindings.names.values():
            if isinstance(binding, ImportedName):
                pending.extend((binding.module, f"{binding.module}.{binding.name}"))
            elif isinstance(binding, ImportedModule):
                pending.append(binding.module)
    return list(found)
