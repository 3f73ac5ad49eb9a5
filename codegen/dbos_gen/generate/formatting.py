"""Statements laid out as a formatter leaves them: one line when it fits, else one element a line with a comma."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

# The narrowest line length in common use. A trailing comma keeps an exploded statement exploded at any wider one.
_WIDTH = 88


def call_like(head: str, elements: Sequence[str], tail: str, *, indent: int = 0) -> str:
    """Return ``head(elements)tail``, for example a ``def``, a ``class`` or a call, indented by spaces."""
    margin = " " * indent
    line = f"{margin}{head}({', '.join(elements)}){tail}"
    if len(line) <= _WIDTH or not elements:
        return line
    inner = "".join(f"{margin}    {_wrapped(element, indent + 4)},\n" for element in elements)
    arrow, returned, rest = _returned(tail)
    if indent + 1 + len(tail) > _WIDTH and returned.endswith("]"):
        returned = _wrapped(returned, indent, always=True)
    return f"{margin}{head}(\n{inner}{margin}){arrow}{returned}{rest}"


def _returned(tail: str) -> tuple[str, str, str]:
    """Split `` -> type: ...`` into the arrow, the type and what follows it."""
    arrow = " -> "
    if not tail.startswith(arrow):
        return "", "", tail
    returned, colon, rest = tail.removeprefix(arrow).rpartition(":")
    return arrow, returned, colon + rest


def subscripted(head: str, arguments: Sequence[str], tail: str, *, indent: int = 0) -> str:
    """Return ``head[arguments]tail``."""
    margin = " " * indent
    line = f"{margin}{head}[{', '.join(arguments)}]{tail}"
    if len(line) <= _WIDTH:
        return line
    inner = "".join(f"{margin}    {argument},\n" for argument in arguments)
    return f"{margin}{head}[\n{inner}{margin}]{tail}"


def import_from(module: str, names: Sequence[str]) -> str:
    """Return ``from module import names``."""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= _WIDTH:
        return line
    inner = "".join(f"    {name},\n" for name in names)
    return f"from {module} import (\n{inner})"


def import_as(module: str, name: str, alias: str) -> str:
    """Return ``from module import name as alias``, or ``import module as alias`` when there is no name."""
    if not name:
        return f"import {module}" if module == alias else f"import {module} as {alias}"
    line = f"from {module} import {name} as {alias}"
    return line if len(line) <= _WIDTH else f"from {module} import (\n    {name} as {alias},\n)"


def declaration(name: str, kind: str, *, indent: int = 0) -> str:
    """Return ``name: kind``."""
    return f"{' ' * indent}{name}: {kind}"


def docstring(text: str, *, indent: int) -> str:
    """Return a docstring with its text cleaned, escaped and indented."""
    margin = " " * indent
    escaped = inspect.cleandoc(text).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    escaped = "".join(char if char.isprintable() or char in "\n\t" else _escape(char) for char in escaped)
    lines = [f"{margin}{line}".rstrip() for line in escaped.split("\n")]
    body = "\n".join(lines).strip()
    if "\n" in body:
        return f'{margin}"""{body}\n{margin}"""'
    closing = " " if body.endswith('"') else ""
    return f'{margin}"""{body}{closing}"""'


def _escape(char: str) -> str:
    """Return a character that source text may not hold, or that nobody would see in it, as an escape."""
    return char.encode("unicode_escape").decode("ascii")


def _wrapped(element: str, indent: int, *, always: bool = False) -> str:
    """Explode the type arguments of an element that is too long even on a line of its own."""
    opened = element.find("[")
    if opened < 0 or (indent + len(element) + 1 <= _WIDTH and not always):
        return element
    closed = _closing(element, opened)
    arguments = _split(element[opened + 1 : closed])
    margin = " " * indent
    if arguments[1:]:
        inner = "".join(f"{margin}    {_wrapped(argument, indent + 4)},\n" for argument in arguments)
    else:
        # A comma after a single type argument does not keep it exploded; an exploded argument inside does.
        argument = _wrapped(arguments[0], indent + 4, always=True)
        if "\n" not in argument:
            return element
        inner = f"{margin}    {argument}\n"
    return f"{element[: opened + 1]}\n{inner}{margin}{element[closed:]}"


def _closing(text: str, opened: int) -> int:
    depth = 0
    for index, char in _unquoted(text):
        if index < opened:
            continue
        depth += (char in "[(") - (char in "])")
        if depth == 0 and index > opened:
            return index
    return len(text) - 1


def _split(text: str) -> list[str]:
    found: list[str] = []
    depth = start = 0
    for index, char in _unquoted(text):
        depth += (char in "[(") - (char in "])")
        if char == "," and depth == 0:
            found.append(text[start:index].strip())
            start = index + 1
    found.append(text[start:].strip())
    return found


def _unquoted(text: str) -> list[tuple[int, str]]:
    """Return the characters outside string literals with their places."""
    found: list[tuple[int, str]] = []
    quote = ""
    index = 0
    while index < len(text):
        char = text[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        else:
            found.append((index, char))
        index += 1
    return found
