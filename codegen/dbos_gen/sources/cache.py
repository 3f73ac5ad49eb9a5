"""What earlier runs found out, so that unchanged modules are not read again; safe to delete at any time.

A file counts as unchanged when its time and size are; otherwise its content decides.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias, cast

import dbos_gen
from dbos_gen.sources.file_states import Files, digest
from dbos_gen.vocabulary.diagnostics import Diagnostic

FOLDER = ".dbos_gen_cache"
_INDEX = "cache.json"
_PARTS = "contracts.json"
_FORMAT = 3
_IGNORE = "# Written by dbos-gen.\n*\n"

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A workflow as far as others can collide with it; one that is inherited is registered by its base."""

    qualname: str
    name: str
    line: int
    is_inherited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedModule:
    """What is known of one module.

    ``depends`` are the modules that were asked for, with the digest of each ("" where there is none); ``outputs`` the
    digests of its generated files.
    """

    name: str
    path: str
    registrations: tuple[Registration, ...]
    depends: Mapping[str, str]
    outputs: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]

    def with_outputs(self, outputs: Mapping[str, str]) -> CachedModule:
        """Return the entry with the digests of its generated files."""
        return replace(self, outputs=outputs)


@dataclass(frozen=True, slots=True, kw_only=True)
class LockParts:
    """What one module adds to the lock file: texts of contracts and shapes by name."""

    contracts: Mapping[str, str]
    shapes: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Cache:
    """Entries of earlier runs by module.

    ``package`` are the generated files that belong to no module and ``lock`` the digest of the lock file. ``program``
    are all modules of the program, for what depends on all of them.
    """

    entries: dict[str, CachedModule] = field(default_factory=dict[str, CachedModule])
    files: Files
    package: dict[str, str] = field(default_factory=dict[str, str])
    lock: str = ""
    program: list[str] = field(default_factory=list[str])

    @classmethod
    def empty(cls) -> Cache:
        """Return a cache that knows nothing."""
        return cls(files=Files())


def key_of(parts: Iterable[str]) -> str:
    """Return the key that all entries depend on: settings, and the versions of this tool and of Python."""
    versions = (str(_FORMAT), dbos_gen.__version__, sys.version, own_digest())
    return digest("\0".join((*versions, *parts)).encode("utf-8", "surrogatepass"))


@functools.cache
def own_digest() -> str:
    """Return what changes when this tool is edited in place, as in a development install."""
    folder = Path(dbos_gen.__file__).parent
    newest = max(os.stat(file).st_mtime_ns for file in folder.rglob("*.py"))  # noqa: PTH116  # as in Files
    return str(newest)


def load(project: Path, key: str) -> Cache:
    """Return the cache of a project, empty when there is none that fits."""
    files = Files()
    try:
        document = cast("dict[str, Json]", json.loads((project / FOLDER / _INDEX).read_bytes()))
        if document["key"] != key:
            return Cache(files=files)
        known = cast("dict[str, tuple[int, int, str]]", document["files"])
        files.known = {name: (int(found[0]), int(found[1]), found[2]) for name, found in known.items()}
        entries = [_entry(found) for found in cast("list[object]", document["modules"])]
        return Cache(
            entries={entry.name: entry for entry in entries},
            files=files,
            package=cast("dict[str, str]", document["package"]),
            lock=str(document["lock"]),
            program=cast("list[str]", document["program"]),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return Cache(files=Files())


def load_parts(project: Path, key: str) -> dict[str, LockParts]:
    """Return the parts of the lock file by module, empty when they are not of this cache."""
    try:
        document = cast("dict[str, Json]", json.loads((project / FOLDER / _PARTS).read_bytes()))
        if document["key"] != key:
            return {}
        found = cast("dict[str, tuple[dict[str, str], dict[str, str]]]", document["modules"])
        return {name: LockParts(contracts=contracts, shapes=shapes) for name, (contracts, shapes) in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def store(project: Path, key: str, cache: Cache, parts: Mapping[str, LockParts] | None) -> None:
    """Write the cache, and the parts of the lock file unless they are as before (None).

    A project that cannot be written to does without.
    """
    folder = project / FOLDER
    if folder.is_symlink():
        # It may lead out of the project.
        return
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORE, encoding="utf-8")
        if parts is not None:
            written = {name: (dict(found.contracts), dict(found.shapes)) for name, found in parts.items()}
            write_json(folder / _PARTS, {"key": key, "modules": written})
        document = {
            "key": key,
            "files": cache.files.seen(),
            "modules": [_json(entry) for entry in cache.entries.values()],
            "package": cache.package,
            "lock": cache.lock,
            "program": cache.program,
        }
        write_json(folder / _INDEX, document)


def write_json(file: Path, document: object) -> None:
    """Write a document, all or nothing; raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(document, stream, separators=(",", ":"))
    os.replace(temporary, file)  # noqa: PTH105  # the source is a plain path from tempfile


def _json(entry: CachedModule) -> list[object]:
    return [
        entry.name,
        entry.path,
        [[found.qualname, found.name, found.line, found.is_inherited] for found in entry.registrations],
        dict(entry.depends),
        dict(entry.outputs),
        [[found.file, found.line, found.code, found.text, found.hint] for found in entry.diagnostics],
    ]


_Registrations: TypeAlias = list[tuple[str, str, int, bool]]
_Diagnostics: TypeAlias = list[tuple[str, int, str, str, str]]


def _entry(found: object) -> CachedModule:
    name, path, registrations, depends, outputs, diagnostics = cast("list[object]", found)
    return CachedModule(
        name=str(name),
        path=str(path),
        registrations=tuple(
            Registration(qualname=qualname, name=registered, line=line, is_inherited=is_inherited)
            for qualname, registered, line, is_inherited in cast("_Registrations", registrations)
        ),
        depends=cast("dict[str, str]", depends),
        outputs=cast("dict[str, str]", outputs),
        diagnostics=tuple(
            Diagnostic(file=file, line=line, code=code, text=text, hint=hint)
            for file, line, code, text, hint in cast("_Diagnostics", diagnostics)
        ),
    )
