"""Syntax as text, the same on every version of Python."""

from __future__ import annotations

import ast
import copy

_QUOTES = frozenset("'\"\\\n\r")


def written(node: ast.AST) -> str:
    """Return what `ast.unparse` does, but for f-strings with quotes inside, on which versions of Python disagree."""
    if not any(isinstance(inner, ast.JoinedStr) and _is_quoted(inner) for inner in ast.walk(node)):
        return ast.unparse(node)
    changed: ast.AST = _Formats().visit(copy.deepcopy(node))
    return ast.unparse(changed)


def _is_quoted(node: ast.JoinedStr) -> bool:
    for part in node.values:
        if isinstance(part, ast.Constant) and _QUOTES & set(str(part.value)):
            return True
        if isinstance(part, ast.FormattedValue):
            inside = [inner.value for inner in ast.walk(part.value) if isinstance(inner, ast.Constant)]
            if any(isinstance(value, str | bytes) for value in inside):
                return True
            if isinstance(part.format_spec, ast.JoinedStr) and _is_quoted(part.format_spec):
                return True
    return False


class _Formats(ast.NodeTransformer):
    """Writes f-strings as calls of ``str.format``."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        """Return ``'...{}...'.format(...)``."""
        self.generic_visit(node)
        arguments: list[ast.expr] = []
        template = _template(node, arguments)
        method = ast.Attribute(value=ast.Constant(value=template), attr="format", ctx=ast.Load())
        return ast.Call(func=method, args=arguments, keywords=[])


def _template(node: ast.JoinedStr, arguments: list[ast.expr]) -> str:
    text = ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            arguments.append(part.value)
            conversion = f"!{chr(part.conversion)}" if part.conversion > 0 else ""
            spec = ""
            if isinstance(part.format_spec, ast.JoinedStr):
                spec = f":{_template(part.format_spec, arguments)}"
            elif isinstance(part.format_spec, ast.Call):
                # A specification with parts of its own, which has been rewritten already.
                spec = ":{}"
                arguments.append(part.format_spec)
            text += f"{{{conversion}{spec}}}"
        elif isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
    return text
