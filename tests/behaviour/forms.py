"""A case is written once, with coroutines; its blocking form is derived from the same source."""

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Literal, TypeAlias

# Private to pytest, and the only way to have values shown for asserts in modules that pytest does not import itself.
from _pytest.assertion.rewrite import rewrite_asserts

Form: TypeAlias = Literal["sync", "async"]
FORMS: tuple[Form, ...] = ("sync", "async")

_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class _Blocking(ast.NodeTransformer):
    """`await DBOS.recv_async()` in an `async def` becomes `DBOS.recv()` in a `def`; line numbers stay."""

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(ast.FunctionDef(**dict(ast.iter_fields(node))), node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        self.generic_visit(node)
        return ast.copy_location(ast.With(**dict(ast.iter_fields(node))), node)

    def visit_Await(self, node: ast.Await) -> ast.AST:
        awaited: ast.AST = self.visit(node.value)
        return awaited

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        node.attr = node.attr.removesuffix("_async")
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id == "WorkflowHandleAsync":
            node.id = "WorkflowHandle"
        return node

    def visit_alias(self, node: ast.alias) -> ast.AST:
        if node.name == "WorkflowHandleAsync":
            node.name = "WorkflowHandle"
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.is_async = 0
        return node


_loaded: dict[str, ModuleType] = {}


def load(path: Path, name: str, form: Form) -> ModuleType:
    """The module of a case in one form, executed once: what it stores may name its classes ever after."""
    qualified = f"behaviour_{form}.{name}"
    if qualified not in _loaded:
        source = path.read_bytes()
        tree = ast.parse(source, filename=str(path))
        if form == "sync":
            tree = ast.fix_missing_locations(_Blocking().visit(tree))
        rewrite_asserts(tree, source)
        module = ModuleType(qualified)
        module.__file__ = str(path)
        # Stored classes are looked up by their module.
        sys.modules[qualified] = module
        exec(compile(tree, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102  # our own case
        _loaded[qualified] = module
    return _loaded[qualified]
