"""Generated references and handles, and the workflows that they stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from dbos_gen.program.program import Program
from dbos_gen.program.workflows.called import Recorded
from dbos_gen.python.scopes.resolution import Scope, Symbol, assigned_value
from dbos_gen.python.types.frames import Frame
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.type_expressions import Reference

_REFERENCES = frozenset({"WorkflowRef", "WorkflowRefAsync"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWorkflow:
    """A workflow of the program; ``definition`` is None when only generated code knows it.

    ``generated`` is the handle class of the generated module through which it was found.
    """

    module: str
    qualname: str
    name: str
    definition: Recorded | None = field(default=None, compare=False)
    generated: ast.ClassDef | None = field(default=None, compare=False)


def defined(recorded: Recorded) -> KnownWorkflow:
    """Return a workflow as others see it."""
    qualname = f"{recorded.scope.owner_path}.{recorded.node.name}".lstrip(".")
    return KnownWorkflow(module=recorded.scope.source.name, qualname=qualname, name=recorded.name, definition=recorded)


class GeneratedReferences:
    """Reads generated modules."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def named(self, node: ast.expr, frame: Frame) -> KnownWorkflow | None:
        """Return the workflow of a generated reference, also behind ``via(client)``."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "via":
            return self.named(node.func.value, frame)
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        symbol = self._program.resolver.resolve(frame.scope.body, node)
        return None if symbol is None else self._referred(symbol)

    def _referred(self, symbol: Symbol) -> KnownWorkflow | None:
        value = assigned_value(symbol.node)
        if symbol.source is None or not isinstance(value, ast.Call):
            return None
        made_by = value.func.value if isinstance(value.func, ast.Subscript) else value.func
        if not isinstance(made_by, ast.Attribute | ast.Name):
            return None
        if (made_by.attr if isinstance(made_by, ast.Attribute) else made_by.id) not in _REFERENCES:
            return None
        words = {word.arg: word.value for word in value.keywords}
        texts = {name: _text(words.get(name)) for name in ("module", "qualname", "name")}
        module, qualname, name = texts["module"], texts["qualname"], texts["name"]
        if module is None or qualname is None or name is None:
            return None
        handle = words.get("handle")
        generated = None if handle is None else self._program.resolver.resolve(Scope(source=symbol.source), handle)
        node = generated.node if generated is not None and isinstance(generated.node, ast.ClassDef) else None
        return KnownWorkflow(
            module=module,
            qualname=qualname,
            name=name,
            definition=self._recorded(module, qualname),
            generated=node,
        )

    def _recorded(self, module: str, qualname: str) -> Recorded | None:
        source = self._program.resolver.load(module)
        if source is None:
            return None
        symbol = self._program.resolver.lookup(Scope(source=source), tuple(qualname.split(".")))
        if symbol is None or not isinstance(symbol.node, FunctionNode) or symbol.source is None:
            return None
        scope = self._program.inference.owner_scope(symbol)
        mark = self._program.decorators.recorded(symbol.node, scope)
        if mark is None or mark.kind != "workflow":
            return None
        return Recorded(kind=mark.kind, name=mark.name or qualname, node=symbol.node, scope=scope)

    def of_handle(self, node: ast.expr, frame: Frame) -> KnownWorkflow | None:
        """Return the workflow of a value that is declared as a generated handle."""
        if isinstance(node, ast.Name) and frame.holder(node.id) is not frame:
            return None
        known = self._program.inference.infer(node, frame.scope)
        if known is None or len(known.parts) != 1 or not isinstance(known.parts[0], Reference):
            return None
        source = self._program.resolver.load(known.parts[0].module) if known.parts[0].module else None
        if source is None or "TypedHandle" not in _names_of(source):
            return None
        handle = known.parts[0].path
        for name in source.bindings.names:
            symbol = self._program.resolver.lookup(Scope(source=source), (name,))
            for candidate in _candidates(symbol):
                workflow = self._referred(candidate)
                if workflow is not None and workflow.generated is not None and workflow.generated.name == handle:
                    return workflow
        return None


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _names_of(source: Source) -> str:
    heads = [base for node in source.tree.body if isinstance(node, ast.ClassDef) for base in node.bases]
    return " ".join(ast.unparse(head) for head in heads)


def _candidates(symbol: Symbol | None) -> Iterator[Symbol]:
    """Yield a symbol and, for a namespace of references, those in it."""
    if symbol is None or symbol.source is None:
        return
    yield symbol
    if isinstance(symbol.node, ast.ClassDef):
        for statement in symbol.node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)]):
                    path = f"{symbol.path}.{name}"
                    yield Symbol(module=symbol.module, path=path, node=statement, source=symbol.source)
                case _:
                    pass
