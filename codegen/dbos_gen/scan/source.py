"""Modules of the project as parsed text; nothing is imported or executed."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.diagnostics import Code, Diagnostics
from dbos_gen.paths import relative
from dbos_gen.scan.bindings import Bindings, collect


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """One parsed module; ``path`` is relative to the project, ``digest`` is of the text with normalised newlines."""

    name: str
    path: str
    is_package: bool
    digest: str
    tree: ast.Module
    bindings: Bindings


class Project:
    """The modules below one root, parsed at most once each."""

    def __init__(self, root: Path, *, base: Path, diagnostics: Diagnostics) -> None:
        self._root = root
        self._base = base
        self._diagnostics = diagnostics
        self._sources: dict[str, Source | None] = {}
        self._read: set[str] = set()

    def shown(self, file: Path) -> str:
        """Return a path as messages show it."""
        return relative(file, self._base)

    def locate(self, name: str) -> Path | None:
        """Return the file of a dotted module name, if the root has one."""
        stem = self._root.joinpath(*name.split("."))
        for file in (stem / "__init__.py", stem.with_name(f"{stem.name}.py")):
            if file.is_file():
                return file
        return None

    def top_level_names(self) -> frozenset[str]:
        """Return the top-level names of the project's own modules."""
        entries = [entry for entry in self._root.iterdir() if entry.is_dir() or entry.suffix == ".py"]
        return frozenset(entry.stem for entry in entries if entry.stem.isidentifier())

    def exists(self, name: str) -> bool:
        """Whether the name is a module or a package, with or without ``__init__``, below the root."""
        return self.locate(name) is not None or self._root.joinpath(*name.split(".")).is_dir()

    def load(self, name: str) -> Source | None:
        """Return a module, or None when the root has none of that name or it cannot be read or parsed (reported)."""
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

    def digest(self, names: set[str]) -> str:
        """Return one digest over the text of several modules."""
        whole = hashlib.sha256()
        for name in sorted(names):
            source = self._sources.get(name)
            if source is not None:
                whole.update(f"{name}={source.digest}\n".encode())
        return whole.hexdigest()[:16]

    def _parse(self, name: str, file: Path) -> Source | None:
        shown = self.shown(file)
        try:
            text = _decode(file.read_bytes())
        except OSError as error:
            self._diagnostics.add(
                Code.DG002, shown, 0, f"the file cannot be read: {error.strerror}", "check its permissions"
            )
            return None
        except (UnicodeDecodeError, SyntaxError) as error:
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            self._diagnostics.add(
                Code.DG002, shown, 1, f"the file is not text in its declared encoding: {reason}", "save it as UTF-8"
            )
            return None
        try:
            with warnings.catch_warnings():
                # Invalid escapes and the like are the business of the user's linter.
                warnings.simplefilter("ignore")
                tree = ast.parse(text, filename=shown)
        except (SyntaxError, ValueError) as error:
            line = (error.lineno or 1) if isinstance(error, SyntaxError) else 1
            reason = error.msg if isinstance(error, SyntaxError) else str(error)
            self._diagnostics.add(
                Code.DG001, shown, line, f"the module does not parse: {reason}", "correct it and run again"
            )
            return None
        except RecursionError:
            self._diagnostics.add(
                Code.DG001, shown, 1, "the module is nested too deeply to parse", "split the expression"
            )
            return None
        is_package = file.name == "__init__.py"
        return Source(
            name=name,
            path=shown,
            is_package=is_package,
            digest=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            tree=tree,
            bindings=collect(tree.body, module=name, is_package=is_package),
        )


def _decode(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.StringIO(data.decode(encoding), newline=None).read()
