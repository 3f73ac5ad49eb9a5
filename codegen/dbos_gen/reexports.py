"""The names that classes of a running program kept when they were moved."""

from __future__ import annotations

import re
import sys
from collections.abc import Container, Mapping
from types import ModuleType

from dbos_gen.running import MAIN, name_of
from dbos_gen.scan.places import defined_at
from dbos_gen.scan.scope import Symbol

# `from problems import OutOfStock as OutOfStock`, and a line of `__all__`.
_MOST_MENTIONS = 3


class Reexports:
    """Finds them in the namespaces of the modules that are the application's own and loaded."""

    def __init__(self, own: Mapping[str, str], users: Container[str]) -> None:
        """`own` are modules with their files; `users` those that name classes only to use them."""
        self._files = own
        self._spaces = {name: _namespace(name) for name in own}
        self._others_than_users = [(name, space) for name, space in self._spaces.items() if name not in users]
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
        wanted = self._spaces.get(symbol.module, {}).get(top)
        if not isinstance(wanted, type):
            return []
        return [
            f"{name}:{symbol.path}"
            for name, space in self._others_than_users
            # A package gives what its modules define a public name, whether it moved or not.
            if space.get(top) is wanted and name != symbol.module and not symbol.module.startswith(f"{name}.")
            if self._only_imports(name, top)
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
        # Nearly every module that names a class uses it, which counting tells fastest.
        if text.count(name) > _MOST_MENTIONS:
            return False
        mentions = re.findall(rf"(?m)^(.*)\b{re.escape(name)}\b(.*)$", text)
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


def _namespace(name: str) -> Mapping[str, object]:
    names = (MAIN, name) if MAIN in sys.modules and name == name_of(MAIN) else (name,)
    found = (sys.modules.get(each) for each in names)
    nothing: Mapping[str, object] = {}
    return next((vars(module) for module in found if isinstance(module, ModuleType)), nothing)
