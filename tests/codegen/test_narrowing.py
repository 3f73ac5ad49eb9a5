"""Variables that have been compared with None where an event, a message or a stream is given them."""

import ast
import textwrap
from pathlib import Path

import pytest

from dbos_gen.python.scopes.resolution import Resolver, Scope
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.inference import Inference, function_scope
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef, without_none


def _types(folder: Path, lines: str, declared: str = "str | None") -> list[str]:
    """Return the types of what `use(...)` is given, in the order of the source."""
    body = textwrap.indent(lines, "    ")
    text = (
        f"from typing import Optional\ndef recv() -> {declared}: ...\ndef run(x: {declared}, y: bool) -> None:\n{body}"
    )
    (folder / "flow.py").write_text(text, encoding="utf-8")
    resolver = Resolver(Project(folder, base=folder, diagnostics=Diagnostics()))
    source = resolver.load("flow")
    assert source is not None
    node = source.tree.body[-1]
    assert isinstance(node, ast.FunctionDef)
    inference = Inference(resolver, Annotations(resolver, Diagnostics()))
    scope = function_scope(node, Scope(source=source))
    calls = [
        inner
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "use"
    ]
    found = [inference.infer(call.args[0], scope) for call in sorted(calls, key=lambda call: call.lineno)]
    return ["" if each is None else "".join(p if isinstance(p, str) else p.path for p in each.parts) for each in found]


@pytest.mark.parametrize(
    "lines",
    [
        "if x is None:\n    return\nuse(x)\n",
        "if x is not None:\n    use(x)\n",
        "if x is not None and y:\n    use(x)\n",
        "if x:\n    use(x)\n",
        "if not x:\n    raise ValueError\nuse(x)\n",
        "if x is None or y:\n    return\nuse(x)\n",
        "assert x is not None\nuse(x)\n",
        "if x is None:\n    pass\nelse:\n    use(x)\n",
        "while True:\n    z: str | None = recv()\n    if z is None:\n        break\n    use(z)\n",
        "for _ in 'ab':\n    z = recv()\n    if z is None:\n        continue\n    if y:\n        use(z)\n",
        "z = recv()\nif z is None:\n    return\ntry:\n    use(z)\nfinally:\n    pass\n",
        "if x is None:\n    return\nwith open('x') as file:\n    for line in file:\n        use(x)\n",
    ],
)
def test_what_was_compared_is_not_none(lines: str, tmp_path: Path) -> None:
    assert _types(tmp_path, lines) == ["str"]


@pytest.mark.parametrize(
    "lines",
    [
        "use(x)\n",
        "if x is None:\n    y = True\nuse(x)\n",
        "if x is None and y:\n    return\nuse(x)\n",
        "if x is not None or y:\n    use(x)\n",
        "if x is None:\n    use(x)\n",
        "if x is None:\n    return\nx = recv()\nuse(x)\n",
        "if x is not None:\n    x = recv()\n    use(x)\n",
        "if x is None:\n    return\nwhile True:\n    use(x)\n    x = recv()\n",
        "if x is not None:\n    while y:\n        use(x)\n        x = recv()\n",
        "if x is None:\n    return\nfor x in (recv(), None):\n    pass\nuse(x)\n",
        "if y:\n    return\nuse(x)\n",
    ],
)
def test_what_may_be_none_stays_so(lines: str, tmp_path: Path) -> None:
    (found,) = _types(tmp_path, lines)
    assert found in ("str | None", "")


def test_other_spellings(tmp_path: Path) -> None:
    for declared in ("Optional[dict[str, int | None]]", "None | dict[str, int | None]"):
        assert _types(tmp_path, "if x is None:\n    return\nuse(x)\n", declared) == ["dict[str, int | None]"]
    assert _types(tmp_path, "if x:\n    use(x)\n", "int | None | str") == ["int | str"]


def test_none_inside_of_a_type_is_kept() -> None:
    text, none = Reference("builtins", "str"), TypeRef(("None",))
    assert without_none(none) == none
    inner = TypeRef((Reference("builtins", "list"), "[", text, " | ", "None", "]"))
    assert without_none(inner) == inner
    assert without_none(TypeRef((*inner.parts, " | None"))) == inner
