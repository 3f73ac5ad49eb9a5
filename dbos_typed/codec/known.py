"""The classes that stored data may name.

Nothing is imported and no code of the class runs to find one: stored data picks from what the registered code reaches.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

# Their exceptions pass through every workflow.
_FOUNDATIONS = frozenset({"dbos_typed", "sqlalchemy", "psycopg"})


def reference(cls: type[Any]) -> str:
    """The name under which a class is stored: "module:qualname"."""
    return f"{cls.__module__}:{cls.__qualname__}"


def _top(module_name: str) -> str:
    return module_name.partition(".")[0]


class Known:
    """Classes added one by one, and those that registered modules define or name."""

    def __init__(self) -> None:
        self._classes: dict[str, type[Any]] = {}
        self._modules: set[str] = set()
        self._named_tops: frozenset[str] = frozenset()
        self._named_at: tuple[int, int] = (-1, -1)

    def add(self, cls: type[Any]) -> None:
        """Let stored data name `cls` and its subclasses."""
        self._classes[reference(cls)] = cls

    def add_module(self, name: str) -> None:
        """Let stored data name the classes that a module defines or names, and the exceptions within its reach."""
        self._modules.add(name)

    def find(self, ref: str) -> type[Any] | None:
        """The data class that stored data means by `ref`."""
        cls = self._classes.get(ref)
        if cls is not None:
            return cls
        module_name, _, qualname = ref.partition(":")
        if self._is_named(module_name, qualname):
            cls = _look_up(module_name, qualname)
        return cls or self._find_subclass(ref)

    def find_error(self, ref: str) -> type[BaseException] | None:
        """The exception class that stored data means by `ref`.

        Exceptions often come from modules that the registered one does not name itself; those of the standard
        library, of the application's own packages and of the packages that these use are known as well.
        """
        cls = self.find(ref)
        if cls is None:
            module_name, _, qualname = ref.partition(":")
            if self._is_within_reach(_top(module_name)):
                cls = _look_up(module_name, qualname)
        return cls if cls is not None and issubclass(cls, BaseException) else None

    def has(self, cls: type[Any]) -> bool:
        """Whether stored data that names `cls` will find it again."""
        return self.find(reference(cls)) is cls

    def _is_named(self, module_name: str, qualname: str) -> bool:
        """Whether a registered module defines the class, or has it or its module among its globals."""
        if module_name in self._modules:
            return True
        name = qualname.partition(".")[0]
        for registered in self._modules:
            for thing in _globals(registered):
                if isinstance(thing, ModuleType):
                    if thing.__name__ == module_name or _is_class(vars(thing).get(name), module_name, name):
                        return True
                elif _is_class(thing, module_name, name):
                    return True
        return False

    def _find_subclass(self, ref: str) -> type[Any] | None:
        module_name, _, qualname = ref.partition(":")
        todo, seen = list(self._classes.values()), set[type[Any]]()
        found: type[Any] | None = None
        while todo:
            cls = todo.pop()
            if cls in seen:
                continue
            seen.add(cls)
            if cls.__qualname__ == qualname and cls.__module__ == module_name:
                # Of several local classes of one name, none is meant more than another.
                if found is not None:
                    return None
                found = cls
            todo.extend(type.__subclasses__(cls))
        return found

    def _is_within_reach(self, top: str) -> bool:
        if top in _FOUNDATIONS or top in sys.stdlib_module_names or top == "__main__":
            return True
        # Modules are loaded late at times; looking again when their number changed is enough to notice.
        now = (len(sys.modules), len(self._modules))
        if now != self._named_at:
            self._named_tops = frozenset(self._tops_in_use())
            self._named_at = now
        return top in self._named_tops

    def _tops_in_use(self) -> Iterator[str]:
        own = {_top(name) for name in self._modules}
        yield from own
        for name in list(sys.modules):
            if _top(name) in own:
                for thing in _globals(name):
                    if isinstance(thing, ModuleType):
                        yield _top(thing.__name__)
                    elif isinstance(thing, type | FunctionType):
                        yield _top(thing.__module__)


def _globals(module_name: str) -> list[object]:
    module = sys.modules.get(module_name)
    return [] if module is None else list(vars(module).values())


def _is_class(thing: object, module_name: str, qualname: str) -> bool:
    return isinstance(thing, type) and thing.__module__ == module_name and thing.__qualname__ == qualname


def _look_up(module_name: str, qualname: str) -> type[Any] | None:
    """A class of a loaded module, found through namespaces alone: attribute access could run code."""
    holder: object = sys.modules.get(module_name)
    for name in qualname.split("."):
        # `__dict__` itself may be a property of a stranger's class; only modules and classes have namespaces to search.
        if not isinstance(holder, ModuleType | type):
            return None
        holder = vars(holder).get(name)
    return holder if _is_class(holder, module_name, qualname) and isinstance(holder, type) else None
