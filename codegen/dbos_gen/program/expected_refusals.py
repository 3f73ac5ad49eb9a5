"""Lines on which a test expects to be refused: `with pytest.raises(...)`."""

from __future__ import annotations

import ast
from functools import lru_cache

from dbos_gen.sources.project import Source

_EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex", "RaisesExc"})


@lru_cache(maxsize=4)
def expecting_lines(source: Source) -> frozenset[int]:
    """Return the lines inside of blocks that fail unless something in them is refused."""
    found: set[int] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.With | ast.AsyncWith) and any(_expects(item.context_expr) for item in node.items):
            found.update(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(found)


def _expects(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in _EXPECTING
        case _:
            return False
