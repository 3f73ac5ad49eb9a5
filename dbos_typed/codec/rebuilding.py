"""Putting exceptions together again without running Python code of their class."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from types import BuiltinFunctionType, FunctionType, MemberDescriptorType
from typing import Any

from dbos_typed.codec.jsontext import Value

_HEAP_TYPE = 1 << 9  # defined in Python, or by a library in C or Rust; not by Python itself
# Members that Python fills in for its suggestions, or that are the arguments once more.
_OMITTED_OWNERS = frozenset[object]({BaseExceptionGroup})
_OMITTED = frozenset({(AttributeError, "obj")})
# Set from outside like a slot, and by no code of Python: how much of a write a blocked stream took.
_SETTABLE = (vars(OSError)["characters_written"],)


def assembled(
    cls: type[BaseException], args: Sequence[Value], fields: Mapping[str, Value], members: Mapping[str, Value]
) -> BaseException:
    """An exception of these parts. TypeError: only the class itself can make one."""
    base: Any = next(base for base in cls.__mro__ if not base.__flags__ & _HEAP_TYPE)
    # Groups take their parts when they are made, and only then.
    error: BaseException = base.__new__(cls, *args) if issubclass(cls, BaseExceptionGroup) else base.__new__(cls)
    error.args = tuple(args)
    vars(error).update(fields)
    for name, item in members.items():
        descriptor: Any = next((vars(owner)[name] for owner in cls.__mro__ if name in vars(owner)), None)
        # Not a property, say, whose code a row could run so.
        if _is_slot(descriptor):
            with contextlib.suppress(AttributeError, TypeError):  # some are read-only
                descriptor.__set__(error, item)
    return error


def members_of(error: BaseException) -> dict[str, Value]:
    """What an exception keeps outside its `__dict__`: slots, and the attributes of Python's own exceptions."""
    found: dict[str, Value] = {}
    for base in type(error).__mro__:
        for name, descriptor in vars(base).items():
            if not _is_slot(descriptor) or name in found:
                continue
            if base in _OMITTED_OWNERS or (base, name) in _OMITTED:
                continue
            item = getattr(error, name, None)
            if item is not None and item is not False:
                found[name] = item
    return found


def _is_slot(descriptor: Any) -> bool:  # noqa: ANN401  # whatever a class has
    return isinstance(descriptor, MemberDescriptorType) or any(descriptor is each for each in _SETTABLE)


def made_by(error: BaseException) -> tuple[str, tuple[Value, ...]] | None:
    """How a class that is made in C or Rust says that it makes such an exception: by which of its methods, of what.

    An empty name is the class itself. None: it does not say, or says so in Python.
    """
    cls = type(error)
    if not _is_native(cls):
        return None
    try:
        reduced = error.__reduce__()
    except Exception:  # noqa: BLE001  # whatever a library raises
        return None
    if not isinstance(reduced, tuple):
        return None
    made, args = reduced[0], reduced[1]
    if made is cls:
        return "", args
    return (made.__name__, args) if isinstance(made, BuiltinFunctionType) and made.__self__ is cls else None


def remade(cls: type[BaseException], name: str, args: Sequence[Value]) -> BaseException:
    """An exception made as `made_by` says. TypeError: the class does not make it so any more."""
    make: Any = getattr(cls, name, None) if name else cls
    if not _is_native(cls) or not (make is cls or (isinstance(make, BuiltinFunctionType) and make.__self__ is cls)):
        raise TypeError(f"{cls.__qualname__} has no constructor {name!r}")
    error: BaseException = make(*args)
    if type(error) is not cls:
        raise TypeError(f"{cls.__qualname__}.{name} makes a {type(error).__qualname__}")
    return error


def _is_native(cls: type[BaseException]) -> bool:
    """Whether no Python code takes part in making an instance."""
    if type(cls) is not type:
        return False
    for base in cls.__mro__:
        for name in ("__new__", "__init__", "__reduce__", "__reduce_ex__"):
            method = vars(base).get(name)
            if isinstance(getattr(method, "__func__", method), FunctionType):
                return False
    return True
