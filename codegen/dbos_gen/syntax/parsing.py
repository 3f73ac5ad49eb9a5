"""Parsing of what anybody may have written: a syntax tree, or SyntaxError, whatever Python itself raises."""

from __future__ import annotations

import ast

TOO_DEEP = "it is nested too deeply"


def parse(text: str, filename: str = "<unknown>") -> ast.Module:
    """Return the tree of a module; raises SyntaxError."""
    try:
        return ast.parse(text, filename=filename)
    except (RecursionError, MemoryError):
        # The parser of Python takes 20,000 signs before a number for a lack of memory.
        raise SyntaxError(TOO_DEEP) from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None


def expression(text: str) -> ast.expr | None:
    """Return the tree of an expression, None when it is none."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
