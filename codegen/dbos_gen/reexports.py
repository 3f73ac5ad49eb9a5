"""The names that classes of a running program kept when they were moved."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from types import ModuleType

from dbos_gen.running import MAIN, name_of
from dbos_gen.scan.places import defined_at
from dbos_gen.scan.scope import Symbol

# `from problems import OutOfStock as OutOfStock`, and a line of `__all__`.
_MOST_MENTIONS = 3


class Reexports:
    """Finds them in the namespaces of the modules that are the application's own and loaded."""

    def __init__(self, own: Iterable[tuple[str, str]], users: Iterable[str]) -> None:
        """`own` are modules with their files; `users` those that name classes only to use them."""
        self._files = dict(own)
        self._users = frozenset(users)
        self._found: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def place(self, symbol: Symbol) -> str:
        """Return the name of a class that stays the same when it is moved and re-exported under its old name."""
        here = defined_at(symbol)
        if here not in self._found:
            self._found[here] = min(self._others(symbol), default=here)
        return self._found[here]

    def _others(self, symbol: Symbol) -> list[str]:
        top = symbol.path.partition(".")[0]
        wanted = vars(_module(symbol.module) or object).get(top)
        if not isinstance(wanted, type):
            return []
        return [
            f"{name}:{symbol.path}"
            for name in self._files
            # A package gives what its modules define a public name, whether it moved or not.
            if name not in self._users and name != symbol.module and not symbol.module.startswith(f"{name}.")
            if vars(_module(name) or object).get(top) is wanted and self._only_imports(name, top)
        ]

    def _only_imports(self, module: str, name: str) -> bool:
        """Whether a module names a class for others and makes no use of it."""
        if module not in self._texts:
            try:
                with open(self._files[module], encoding="utf-8", errors="replace") as file:  # noqa: PTH123  # of thousands
                    self._texts[module] = file.read()
            except OSError:
                self._texts[module] = ""
        text = self._texts[module]
        mentions = re.findall(rf"(?m)^(.*)\b{re.escape(name)}\b(.*)$", text)
        if len(mentions) > _MOST_MENTIONS:
            return False
        return all(_is_import(before, after) for before, after in mentions)


def _is_import(before: str, after: str) -> bool:
    """Whether a line that has a name between these says only that it is imported or exported."""
    if re.match(r"\s*(from\s+\S+\s+)?import\s", before) or re.fullmatch(r"\s*#.*", before):
        return True
    # Lines of imports in parentheses and of `__all__`, and another name for it.
    return any(
        (
            re.fullmatch(r"\s*(\w+\s+as\s+)?", before) and re.match(r"\s*(as\s+\w+\s*)?,?\s*(#.*)?$", after),
            re.search(r"[\"']$", before),
            re.fullmatch(r"\s*\w+\s*=\s*[\w.]*", before),
        )
    )


def _module(name: str) -> ModuleType | None:
    names = (MAIN, name) if MAIN in sys.modules and name == name_of(MAIN) else (name,)
    found = (sys.modules.get(each) for each in names)
    return next((module for module in found if isinstance(module, ModuleType)), None)
