"""What the application's functions import when they are called.

A step that imports a library itself is not called again by a replay, but the exception that it raised is of it.
"""

from __future__ import annotations

import contextlib
import dis
import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, FunctionType, ModuleType

_CONSTANTS = frozenset({"LOAD_CONST", "LOAD_SMALL_INT"})
_MOST_DECORATORS = 20


def import_lazily(top: str, modules: Iterable[ModuleType]) -> bool:
    """Import what functions of the modules would, those of the package `top` first. Whether anything was imported."""
    wanted = sorted(imported_by_functions(modules) - sys.modules.keys())
    before = len(sys.modules)
    for name in sorted(wanted, key=lambda name: name.partition(".")[0] != top):
        # It may not be installed here, or not load: then its classes are not found.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
        if len(sys.modules) > before and name.partition(".")[0] == top:
            break
    return len(sys.modules) > before


def imported_by_functions(modules: Iterable[ModuleType]) -> frozenset[str]:
    """The names of modules that functions of these modules import."""
    return frozenset(name for module in modules for name in _names(module))


def _names(module: ModuleType) -> Iterator[str]:
    for thing in list(vars(module).values()):
        if isinstance(thing, type) and thing.__module__ == module.__name__:
            for member in list(vars(thing).values()):
                yield from _names_in(getattr(member, "__func__", member), module)
        else:
            yield from _names_in(thing, module)


def _names_in(thing: object, module: ModuleType) -> Iterator[str]:
    """The names that a function imports, be it decorated or not."""
    for _ in range(_MOST_DECORATORS):
        inner = _namespace(thing).get("__wrapped__")
        if inner is None:
            break
        thing = inner
    if isinstance(thing, FunctionType) and thing.__module__ == module.__name__:
        yield from _imports(thing.__code__, module.__package__ or "")


def _namespace(thing: object) -> Mapping[str, object]:
    try:
        return vars(thing)
    except Exception:  # noqa: BLE001  # most objects have none, and some make their own
        return {}


def _imports(code: CodeType, package: str) -> Iterator[str]:
    level = 0
    constant: object = 0
    for step in dis.get_instructions(code):
        if step.opname == "IMPORT_NAME":
            yield from _absolute(str(step.argval), level, package)
        elif step.opname in _CONSTANTS:
            # The level stands before the names that are imported.
            level, constant = (constant if isinstance(constant, int) else 0), step.argval
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _imports(inner, package)


def _absolute(name: str, level: int, package: str) -> Iterator[str]:
    if level == 0:
        yield name
    elif package:
        base = package.rsplit(".", level - 1)[0]
        yield f"{base}.{name}" if name else base
