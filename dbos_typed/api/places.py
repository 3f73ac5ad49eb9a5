"""Where in the source something is defined, to tell a second definition from the first one read again."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import CodeType, FrameType

from dbos_typed.api.recorded import AnyFunction
from dbos_typed.core.places import Place

_PACKAGE = "dbos_typed"


def place_of_function(function: AnyFunction) -> Place | None:
    """Where a function is defined; `None` for one that was not written in Python."""
    code: CodeType | None = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return None
    return Place(
        label=f"{function.__module__}:{function.__qualname__}",
        file=code.co_filename,
        line=code.co_firstlineno,
        execution=_execution_of(function.__module__),
    )


def place_of_class(cls: type) -> Place | None:
    """Where a class is defined: its first function, or where it is decorated if it has none."""
    label = f"{cls.__module__}:{cls.__qualname__}"
    codes: list[CodeType] = []
    for attribute in vars(cls).values():
        plain = inspect.unwrap(getattr(attribute, "__func__", attribute)) if callable(attribute) else attribute
        code = getattr(getattr(plain, "__func__", plain), "__code__", None)
        if isinstance(code, CodeType) and getattr(plain, "__module__", None) == cls.__module__:
            codes.append(code)
    if codes:
        first = min(codes, key=lambda code: code.co_firstlineno)
        execution = _execution_of(cls.__module__)
        return Place(label=label, file=first.co_filename, line=first.co_firstlineno, execution=execution)
    return _place_of_frame(label, next(_callers(), None))


def place_of_instance(instance: object) -> Place | None:
    """Where an instance is being made: what calls its class, and not its own `__init__`."""
    for frame in _callers():
        code = frame.f_code
        if code.co_argcount and frame.f_locals.get(code.co_varnames[0]) is instance:
            continue
        return _place_of_frame(f"an instance of {type(instance).__module__}:{type(instance).__qualname__}", frame)
    return None


def _place_of_frame(label: str, frame: FrameType | None) -> Place | None:
    if frame is None:
        return None
    execution = _execution_of(str(frame.f_globals.get("__name__")))
    return Place(label=label, file=frame.f_code.co_filename, line=frame.f_lineno, execution=execution)


def _callers() -> Iterator[FrameType]:
    """The frames outside this package, the innermost first."""
    frame = inspect.currentframe()
    while frame is not None:
        if str(frame.f_globals.get("__name__")).partition(".")[0] != _PACKAGE:
            yield frame
        frame = frame.f_back


def _execution_of(module: str) -> CodeType | None:
    """What stands for one execution of a module's body, if that is under way: the code is loaded anew for each."""
    found: CodeType | None = None
    for frame in _callers():
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == module:
            found = frame.f_code
    return found
