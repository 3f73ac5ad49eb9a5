"""The names that classes of a running program kept when they were moved."""

from __future__ import annotations

import re
import sys
from collections.abc import Container, Iterator, Mapping
from functools import cached_property
from itertools import islice
from types import ModuleType

from dbos_gen.contract.classes.places import defined_at
from dbos_gen.launch.running_modules import MAIN, name_of
from dbos_gen.python.scopes.resolution import Symbol

# `from problems import OutOfStock as OutOfStock`, and a line of `__all__`.
_MOST_MENTIONS = 3
# Lines of imports in parentheses.
_ELEMENT = re.compile(r"\s*(\w+\s+as\s+)?")
_REST = re.compile(r"\s*(as\s+\w+\s*)?,?\s*(#.*)?$")
# An import, a comment, a line of `__all__`, and another name for it.
_STATEMENTS = [
    re.compile(pattern) for pattern in (r"\s*(from\s+\S+\s+)?import\s.*", r"\s*#.*", r".*[\"']", r"\s*\w+\s*=\s*[\w.]*")
]


class Reexports:
    """Finds them in the namespaces of the modules that are the application's own and loaded."""

    def __init__(self, own: Mapping[str, str], users: Container[str]) -> None:
        """`own` are modules with their files; `users` those that name classes only to use them."""
        self._files = own
        self._spaces = {name: _namespace(name) for name in own}
        self._users = users
        self._found: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    @cached_property
    def _namers(self) -> Mapping[tuple[str, int], list[str]]:
        """The modules that give a class this name, by the name and the class's identity."""
        found: dict[tuple[str, int], list[str]] = {}
        for module, space in self._spaces.items():
            if module not in self._users:
                for name, thing in list(space.items()):
                    if isinstance(thing, type):
                        found.setdefault((name, id(thing)), []).append(module)
        return found

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
            for name in self._namers.get((top, id(wanted)), ())
            # A package gives what its modules define a public name, whether it moved or not.
            if name != symbol.module and not symbol.module.startswith(f"{name}.")
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
        # Nearly every module that names a class uses it, which counting tells fastest.
        mentions = list(islice(_mentions(self._texts[module], name), _MOST_MENTIONS + 1))
        return len(mentions) <= _MOST_MENTIONS and all(_is_import(before, after) for before, after in mentions)


def _mentions(text: str, name: str) -> Iterator[tuple[str, str]]:
    """What stands before and after a name on each line that has it, and not as a piece of another name."""
    position = text.find(name)
    while position >= 0:
        end = position + len(name)
        if not _is_of_name(text[position - 1 : position]) and not _is_of_name(text[end : end + 1]):
            after = text.find("\n", end)
            yield text[text.rfind("\n", 0, position) + 1 : position], text[end : len(text) if after < 0 else after]
        position = text.find(name, end)


def _is_of_name(character: str) -> bool:
    return character == "_" or character.isalnum()


def _is_import(before: str, after: str) -> bool:
    """Whether a line that has a name between these says only that it is imported or exported."""
    if _ELEMENT.fullmatch(before) and _REST.match(after):
        return True
    return any(pattern.fullmatch(before) for pattern in _STATEMENTS)


def _namespace(name: str) -> Mapping[str, object]:
    names = (MAIN, name) if MAIN in sys.modules and name == name_of(MAIN) else (name,)
    found = (sys.modules.get(each) for each in names)
    nothing: Mapping[str, object] = {}
    return next((vars(module) for module in found if isinstance(module, ModuleType)), nothing)
