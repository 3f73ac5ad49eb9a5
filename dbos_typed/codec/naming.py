"""The names under which classes are stored, so that every process that imports their module finds them."""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any

# The second is what a spawned process calls the script of its parent.
_MAINS = frozenset({"__main__", "__mp_main__"})


def reference(cls: type[Any]) -> str:
    """The name under which a class is stored: "module:qualname"."""
    module = cls.__module__
    return f"{main_name() if module in _MAINS else module}:{cls.__qualname__}"


def main_name() -> str:
    """The name under which others import the module that this process was started with; "__main__" if they cannot."""
    main = vars(sys.modules["__main__"]) if "__main__" in sys.modules else {}
    spec, file = main.get("__spec__"), main.get("__file__")
    if spec is not None:
        return str(spec.name)
    if not isinstance(file, str):
        return "__main__"
    folder, name = os.path.split(os.path.abspath(file))  # noqa: PTH100  # a string, like the entries it is compared to
    stem = name.removesuffix(".py")
    is_importable = stem.isidentifier() and any(os.path.abspath(entry) == folder for entry in sys.path)  # noqa: PTH100  # as above
    return stem if is_importable else "__main__"


def loaded(module_name: str) -> list[ModuleType]:
    """The modules of this process that a stored name may mean: the one that was started goes by two names."""
    names = [module_name]
    if module_name not in _MAINS and module_name == main_name():
        names.insert(0, "__main__")
    found = (sys.modules.get(name) for name in names)
    return [module for module in found if isinstance(module, ModuleType)]


def look_up(module_name: str, qualname: str) -> type[Any] | None:
    """The class that a loaded module has under a name, defined there or re-exported.

    Found through namespaces alone: attribute access could run code.
    """
    for module in loaded(module_name):
        holder: object = module
        for name in qualname.split("."):
            # `__dict__` itself may be a property of a stranger's class; only modules and classes have namespaces.
            if not isinstance(holder, ModuleType | type):
                break
            holder = vars(holder).get(name)
        else:
            if isinstance(holder, type):
                return holder
    return None
