"""The application version: what running workflows depend on, condensed to a hash."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from hashlib import sha256

from dbos_typed.core.registry import WorkflowDefinition


def compute_version(workflows: Mapping[str, WorkflowDefinition]) -> str:
    """A hash over the registered workflows: names, signatures and bodies without comments, docstrings and layout.

    Steps do not count: what a step does inside may change while workflows that call it are under way.
    """
    digest = sha256()
    for name in sorted(workflows):
        digest.update(f"{name}\0{_outline(workflows[name])}\0".encode())
    return digest.hexdigest()[:16]


def _outline(definition: WorkflowDefinition) -> str:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(definition.function)))
    except (OSError, TypeError, SyntaxError):
        # No source, as in a frozen application or an interactive session: the compiled body says the same.
        code = getattr(definition.function, "__code__", None)
        return "" if code is None else f"{code.co_varnames}{code.co_names}{code.co_code.hex()}"
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
