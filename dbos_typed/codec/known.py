"""The classes that stored data may name, and the only place that finds them.

No code of a class runs to find it, and what is imported for it is only what the application's own functions import.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from dbos_typed.codec.lazy import import_lazily, imported_by_functions
from dbos_typed.codec.naming import loaded, look_up, main_name, reference

# Their exceptions pass through every workflow.
_FOUNDATIONS = frozenset({"dbos_typed", "sqlalchemy", "psycopg"})


def _top(module_name: str) -> str:
    return module_name.partition(".")[0]


class Known:
    """Classes added one by one, and those that registered modules define or name."""

    def __init__(self) -> None:
        self._classes: dict[str, type[Any]] = {}
        self._modules: set[str] = set()
        self._near: frozenset[str] = frozenset()
        self._far: frozenset[str] | None = None
        self._looked_at: tuple[int, int] = (-1, -1)
        self._missed: dict[str, tuple[int, int]] = {}

    def add(self, cls: type[Any]) -> None:
        """Let stored data name `cls` and its subclasses."""
        self._classes[reference(cls)] = cls

    def add_module(self, name: str) -> None:
        """Let stored data name the classes that a module defines or names, and the exceptions within its reach."""
        self._modules.add(name)

    # --- data classes

    def find(self, ref: str) -> type[Any] | None:
        """The data class that stored data means by `ref`, also when it has moved and is re-exported under that name."""
        return self._find_itself(ref) or self._find_moved(ref)

    def has(self, cls: type[Any]) -> bool:
        """Whether stored data that names `cls` will find it again."""
        return self.find(reference(cls)) is cls

    def _find_itself(self, ref: str) -> type[Any] | None:
        cls = self._classes.get(ref)
        if cls is not None:
            return cls
        module_name, _, qualname = ref.partition(":")
        if self._is_named(module_name, qualname):
            cls = look_up(module_name, qualname)
        return cls if cls is not None and _is_called(cls, ref) else self._find_subclass(ref)

    def _find_moved(self, ref: str) -> type[Any] | None:
        module_name, _, qualname = ref.partition(":")
        cls = look_up(module_name, qualname)
        if cls is None or _top(cls.__module__) in sys.stdlib_module_names - {"__main__"}:
            return None
        # Another name of what may be named anyway.
        return cls if self._find_itself(reference(cls)) is cls else None

    def _is_named(self, module_name: str, qualname: str) -> bool:
        """Whether a registered module defines the class, or has it or its module among its globals."""
        if any(module.__name__ in self._modules for module in loaded(module_name)):
            return True
        ref = f"{module_name}:{qualname.partition('.')[0]}"
        for registered in self._modules:
            for thing in _globals(registered):
                if isinstance(thing, ModuleType):
                    if thing.__name__ == module_name or _is_called(vars(thing).get(ref.partition(":")[2]), ref):
                        return True
                elif _is_called(thing, ref):
                    return True
        return False

    def _find_subclass(self, ref: str) -> type[Any] | None:
        todo, seen = list(self._classes.values()), set[type[Any]]()
        found: type[Any] | None = None
        while todo:
            cls = todo.pop()
            if cls in seen:
                continue
            seen.add(cls)
            if _is_called(cls, ref):
                # Of several local classes of one name, none is meant more than another.
                if found is not None:
                    return None
                found = cls
            todo.extend(type.__subclasses__(cls))
        return found

    # --- exceptions

    def find_error(self, ref: str, *, may_import: bool) -> type[BaseException] | None:
        """The exception class that stored data means by `ref`.

        Exceptions often come from modules that the registered one does not name itself; those of the standard
        library, of the application's own packages, of the packages that these use, and so on, are known as well.
        `may_import`: also those of modules that functions of the application import when they are called.
        """
        cls = self._find_loaded_error(ref)
        if cls is None and may_import and self._missed.get(ref) != self._state():
            if import_lazily(_top(ref.partition(":")[0]), self._own_modules()):
                cls = self._find_loaded_error(ref)
            if cls is None:
                self._missed = {ref: self._state()}
        return cls

    def error_name(self, cls: type[BaseException]) -> tuple[str, type[BaseException]] | None:
        """The name under which an exception class is stored, with the class that is found by it.

        One that has none of its own, made inside a function say, goes by its nearest base that has one. Those of
        Python are too far away: None.
        """
        for base in cls.__mro__:
            if not issubclass(base, BaseException) or base.__module__ == "builtins":
                break
            ref = reference(base)
            if self._find_loaded_error(ref) is base:
                return ref, base
            alias = self._alias(base)
            if alias is not None:
                return alias, base
        return (reference(cls), cls) if cls.__module__ == "builtins" and look_up("builtins", cls.__name__) else None

    def _alias(self, cls: type[Any]) -> str | None:
        """A name that a registered module has given a class whose own name leads nowhere."""
        for registered in sorted(self._modules):
            for module in loaded(registered):
                for name, thing in vars(module).items():
                    if thing is cls:
                        return f"{main_name() if registered == '__main__' else registered}:{name}"
        return None

    def _find_loaded_error(self, ref: str) -> type[BaseException] | None:
        module_name, _, qualname = ref.partition(":")
        cls = self._classes.get(ref)
        if cls is None and (self._is_registered(module_name) or self._is_within_reach(_top(module_name))):
            cls = look_up(module_name, qualname)
        if cls is None:
            cls = self.find(ref)
        return cls if cls is not None and issubclass(cls, BaseException) else None

    def _is_registered(self, module_name: str) -> bool:
        return any(module.__name__ in self._modules for module in loaded(module_name))

    def _is_within_reach(self, top: str) -> bool:
        if top in _FOUNDATIONS or top in sys.stdlib_module_names or top in ("__main__", _top(main_name())):
            return True
        # Modules are loaded late at times; looking again when their number changed is enough to notice.
        if self._state() != self._looked_at:
            self._near = frozenset({_top(name) for name in self._modules})
            self._near |= _tops_used_by(self._near)
            self._far = None
            self._looked_at = self._state()
        if top in self._near:
            return True
        if self._far is None:
            lazy = {_top(name) for name in imported_by_functions(self._own_modules())}
            self._far = _closure(self._near | lazy)
        return top in self._far

    def _state(self) -> tuple[int, int]:
        return len(sys.modules), len(self._modules)

    def _own_modules(self) -> list[ModuleType]:
        own = {_top(name) for name in self._modules}
        # Some programs put other things there.
        found: list[object] = [module for name, module in list(sys.modules.items()) if _top(name) in own]
        return [module for module in found if isinstance(module, ModuleType)]


def _closure(tops: frozenset[str]) -> frozenset[str]:
    """The packages that packages use, and so on: an exception may come from the depth of a library."""
    found = new = tops
    while new:
        new = _tops_used_by(new) - found
        found |= new
    return found


def _tops_used_by(tops: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(tops) - sys.stdlib_module_names
    found: set[str] = set()
    for name in list(sys.modules):
        if _top(name) in wanted:
            for thing in _globals(name):
                if isinstance(thing, ModuleType):
                    found.add(_top(thing.__name__))
                elif isinstance(thing, type | FunctionType):
                    found.add(_top(str(thing.__module__)))
    return frozenset(found)


def _globals(module_name: str) -> Iterator[object]:
    module = sys.modules.get(module_name)
    # Some put what is no module there, and some modules have a namespace of their own making.
    space = getattr(module, "__dict__", None) if isinstance(module, ModuleType) else None
    yield from list(space.values()) if space is not None else ()


def _is_called(thing: object, ref: str) -> bool:
    return isinstance(thing, type) and reference(thing) == ref
