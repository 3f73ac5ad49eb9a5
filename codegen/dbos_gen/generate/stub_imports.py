"""The imports of a generated stub: every foreign name under an alias that no generated name can hide."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass

from dbos_gen.vocabulary.identifiers import alias, free
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef

_PLAIN_MODULES = frozenset({"typing", "typing_extensions", "collections.abc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """``import module as alias`` when ``names`` is empty, else ``from module import names``, one with an alias."""

    module: str
    names: tuple[str, ...]
    alias: str


class Imports:
    """Aliases for all references of one stub, given out in sorted order so that they do not depend on use."""

    def __init__(self, references: Iterable[Reference], *, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._aliases: dict[Reference, str] = {}
        roots = {Reference(ref.module, ref.path.partition(".")[0]) for ref in references}
        builtin_names = {root.path for root in roots if root.module == "builtins"}
        self._hidden_builtins = builtin_names & self._taken
        plain_builtins = builtin_names - self._hidden_builtins
        # A name that nothing else declares stays bare: it is a builtin, or a type variable that the stub declares.
        self._taken |= plain_builtins
        self._builtins_alias = free("builtins", self._taken) if self._hidden_builtins else ""
        self._taken |= {self._builtins_alias}
        for root in sorted(roots):
            if root.module not in ("", "builtins"):
                self._aliases[root] = self._alias(root)

    def _alias(self, root: Reference) -> str:
        if root.path and (root.module in _PLAIN_MODULES or root.module.partition(".")[0] == "dbos_typed"):
            wanted = root.path if root.path not in self._taken else alias(root.path)
        else:
            wanted = alias(root.path or root.module.rpartition(".")[2])
        chosen = free(wanted, self._taken)
        self._taken.add(chosen)
        return chosen

    def name(self, reference: Reference) -> str:
        """Return the expression that stands for a reference in the stub."""
        first, dot, rest = reference.path.partition(".")
        if reference.module == "builtins":
            head = f"{self._builtins_alias}.{first}" if first in self._hidden_builtins else first
        elif not reference.module:
            head = first
        else:
            head = self._aliases[Reference(reference.module, first)]
        return head + dot + rest

    def text(self, type_ref: TypeRef) -> str:
        """Return a type expression as the stub writes it."""
        return "".join(part if isinstance(part, str) else self.name(part) for part in type_ref.parts)

    @property
    def uses_private_names(self) -> bool:
        """Whether a name with a leading underscore is imported from another module."""
        return any(part.startswith("_") for root in self._aliases for part in (root.path, *root.module.split(".")))

    def sections(self, first_party: Container[str]) -> tuple[tuple[ImportLine, ...], ...]:
        """Return the import statements as isort orders them: standard library, others, the project's own."""
        found = [ImportLine(module="builtins", names=(), alias=self._builtins_alias)] if self._builtins_alias else []
        plain: defaultdict[str, list[str]] = defaultdict(list)
        for root, name in self._aliases.items():
            if not root.path:
                found.append(ImportLine(module=root.module, names=(), alias=name))
            elif root.path == name:
                plain[root.module].append(name)
            else:
                found.append(ImportLine(module=root.module, names=(root.path,), alias=name))
        for module, names in plain.items():
            found.append(ImportLine(module=module, names=tuple(sorted(names, key=_member_order)), alias=""))
        sections: tuple[list[ImportLine], ...] = ([], [], [])
        for line in sorted(found, key=_line_order):
            top = line.module.partition(".")[0]
            rank = 0 if top in sys.stdlib_module_names else 2 if top in first_party else 1
            sections[rank].append(line)
        return tuple(tuple(section) for section in sections if section)


def _line_order(line: ImportLine) -> tuple[bool, str, tuple[tuple[int, str], ...], str]:
    return bool(line.names), line.module.lower(), tuple(_member_order(name) for name in line.names), line.alias


def _member_order(name: str) -> tuple[int, str]:
    """Return the place of a name among those imported from one module: constants, classes, everything else."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name
