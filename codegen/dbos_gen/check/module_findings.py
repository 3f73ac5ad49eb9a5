"""What the rules found in a module, with everything that it depends on, and whether it still holds.

Nothing of the rules is imported here: finding all as it was should take no longer than looking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias, cast

from dbos_gen.sources.file_states import Files
from dbos_gen.sources.roots import EVERYTHING, Roots
from dbos_gen.vocabulary.findings import Finding, KnownType, Note

Task: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A module, its file, and the folders in which modules are looked for."""


class ModuleFindings(NamedTuple):
    """What was found in one module.

    ``roots`` are the folders in which modules were looked for, ``depends`` the names that were asked for with what
    they stood for, as ``Roots.state`` says it.
    """

    module: str
    path: str
    roots: tuple[str, ...]
    depends: Mapping[str, str]
    findings: tuple[Finding, ...]
    types: tuple[KnownType, ...] = ()


class States:
    """What names stand for now, for as long as one run takes."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._roots: dict[tuple[str, ...], Roots] = {}
        self._known: dict[tuple[str, ...], dict[str, str]] = {}

    def holds(self, entry: ModuleFindings) -> bool:
        """Whether everything that the findings depend on is as it was."""
        folders = entry.roots
        if folders not in self._roots:
            self._roots[folders], self._known[folders] = Roots(folders), {}
        known = self._known[folders]
        self._roots[folders].place(entry.module, entry.path)
        for name, state in entry.depends.items():
            found = known.get(name)
            if found is None:
                found = known[name] = self._state(name, self._roots[folders])
            if found != state:
                return False
        return True

    def of(self, name: str, folders: tuple[str, ...]) -> str:
        """Return what a name stands for among the modules below some folders."""
        return self._state(name, Roots(folders))

    def _state(self, name: str, roots: Roots) -> str:
        if name == EVERYTHING:
            return self._everything(roots)
        return roots.state(name, self._files.digest)

    def _everything(self, roots: Roots) -> str:
        """Return a digest of all modules below the folders."""
        whole = hashlib.sha256()
        for name, file in roots.all_modules():
            whole.update(f"{name}={self._files.digest(file)}\n".encode("utf-8", "surrogatepass"))
        return whole.hexdigest()[:32]


def finding_as_json(finding: Finding) -> list[object]:
    """Return a finding as JSON data."""
    notes = [[note.path, note.line, note.text] for note in finding.notes]
    return [finding.path, finding.line, finding.column, finding.code, finding.text, finding.hint, notes]


def type_as_json(known: KnownType) -> list[object]:
    """Return what is known of a call as JSON data."""
    parts = [part if isinstance(part, str) else [part.module, part.path] for part in known.type.parts]
    return [known.line, known.column, parts]


def entry_as_json(entry: ModuleFindings) -> list[object]:
    """Return an entry as JSON data."""
    found = [finding_as_json(finding) for finding in entry.findings]
    types = [type_as_json(known) for known in entry.types]
    return [entry.module, entry.path, list(entry.roots), dict(entry.depends), found, types]


_Notes: TypeAlias = list[tuple[str, int, str]]
_Findings: TypeAlias = list[tuple[str, int, int, str, str, str, _Notes]]
_Types: TypeAlias = list[tuple[int, int, list[str | tuple[str, str]]]]


def entry_from_json(data: list[object]) -> ModuleFindings:
    """Return the entry that `entry_as_json` was given; ValueError or TypeError for other data."""
    module, path, roots, depends, findings, types = data
    return ModuleFindings(
        module=str(module),
        path=str(path),
        roots=tuple(cast("list[str]", roots)),
        depends=cast("dict[str, str]", depends),
        findings=tuple(
            Finding(
                path=shown,
                line=line,
                column=column,
                code=code,
                text=text,
                hint=hint,
                notes=tuple(Note(path=where, line=at, text=said) for where, at, said in notes),
            )
            for shown, line, column, code, text, hint, notes in cast("_Findings", findings)
        ),
        types=_types_from_json(cast("_Types", types)) if types else (),
    )


def _types_from_json(data: _Types) -> tuple[KnownType, ...]:
    from dbos_gen.vocabulary.type_expressions import Reference, TypeRef  # noqa: PLC0415  # start-up cost: most entries have none

    return tuple(
        KnownType(
            line=line,
            column=column,
            type=TypeRef(tuple(part if isinstance(part, str) else Reference(*part) for part in parts)),
        )
        for line, column, parts in data
    )
