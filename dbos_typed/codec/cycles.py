"""Finding the place where a value contains itself."""

# Values of any type are handled here: narrowed from Any, their parts are what pyright calls unknown.
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from dbos_typed.codec.jsontext import Value


def find_cycle(value: Value) -> str | None:
    """The path below `value` at which an object comes again that it lies in; None when there is no such place."""
    steps: list[str] = []
    open_ids = {id(value)}
    done_ids: set[int] = set()
    stack: list[tuple[Value, Iterator[tuple[str, Value]]]] = [(value, _parts(value))]
    while stack:
        holder, parts = stack[-1]
        part = next(parts, None)
        if part is None:
            stack.pop()
            open_ids.discard(id(holder))
            done_ids.add(id(holder))
            if steps:
                steps.pop()
            continue
        step, content = part
        if id(content) in open_ids:
            return "".join([*steps, step])
        if id(content) not in done_ids:
            steps.append(step)
            open_ids.add(id(content))
            stack.append((content, _parts(content)))
    return None


def _parts(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, list | tuple | deque):
        for position, item in enumerate(list[Value](value)):
            yield f"[{position}]", item
    elif isinstance(value, dict):
        for key, item in list[tuple[Value, Value]](value.items()):
            yield f"[{key!r}]", item
    elif not isinstance(value, type | str | bytes | int | float):
        for name in (*getattr(value, "__dict__", ()), *getattr(type(value), "__slots__", ())):
            yield f".{name}", getattr(value, name, None)
