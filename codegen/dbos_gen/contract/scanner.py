"""Contracts of the workflows of one module."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from dbos_gen.contract.classes.places import ClassNamer, Places, defined_at
from dbos_gen.contract.classes.shapes import Shapes, type_text
from dbos_gen.contract.skeletons.condition_text import AsWritten, Digested, neutral
from dbos_gen.contract.skeletons.provenance import Provenance
from dbos_gen.contract.skeletons.skeleton import Skeletons
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.program.workflows.keys import Keys
from dbos_gen.program.workflows.passed_functions import PassedFunctions
from dbos_gen.program.workflows.signatures import Signatures
from dbos_gen.python.scopes.resolution import Resolver, Scope
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.inference import FunctionScope
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.vocabulary.contracts import Contract, Parameter, Shape, Skeleton
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.model import Receiver, Signature, Workflow
from dbos_gen.vocabulary.type_expressions import Reference


class ContractScanner:
    """Builds contracts. What is wrong with annotations elsewhere in the project is not reported here."""

    def __init__(self, resolver: Resolver, callees: Callees, *, place: ClassNamer | None = None) -> None:
        """`place` says where classes are; with it, what decides branches is written for comparison, not for people."""
        self._annotations = Annotations(resolver, Diagnostics())
        self._callees = callees
        self._shapes = Shapes(resolver, self._annotations)
        provenance = Provenance(resolver, callees, neutral)
        wording = AsWritten(provenance) if place is None else Digested(resolver, callees, provenance, place)
        keys = Keys(resolver, self._annotations)
        given = PassedFunctions(resolver, callees, keys)
        self._skeletons = Skeletons(callees, keys, given, wording, self._result_of, self._caught)
        self._mentioned: set[Reference] = set()
        self._resolver = resolver
        self._place = place
        self._places = Places(resolver)
        self._raised: set[str] = set()
        self._moved: dict[str, str] = {}

    def contract(self, workflow: Workflow, node: FunctionNode, scope: Scope, module: str) -> Contract:
        """Return the contract of a workflow defined by ``node``."""
        before, self._mentioned = self._mentioned, set(_references(workflow))
        self._raised = self._places.raised(node, scope)
        calls = self.calls(self._callees.root(node, scope))
        stored = self._places.mentioned(self._shapes.references(self._mentioned))
        self._mentioned |= before
        return Contract(
            name=workflow.name,
            module=module,
            qualname=workflow.qualname,
            receiver=workflow.receiver.value,
            class_name=workflow.class_name,
            is_async=workflow.is_async,
            signatures=tuple(_signature(signature) for signature in workflow.signatures),
            events={event.key: type_text(event.type) for event in workflow.events},
            topics={topic.name or "": type_text(topic.type) for topic in workflow.topics},
            streams={stream.key: type_text(stream.type) for stream in workflow.streams},
            calls=calls,
            classes=tuple(sorted(stored | self._raised)),
        )

    def calls(self, scope: FunctionScope) -> Skeleton:
        """Return the skeleton of a function."""
        return self._skeletons.read(scope)

    def signature(self, node: FunctionNode, scope: Scope, receiver: Receiver) -> tuple[tuple[Parameter, ...], str]:
        """Return the parameters and the result of a function as its definition writes them."""
        signature = Signatures(self._annotations, Diagnostics()).read(node, scope, receiver)
        self._mentioned.update(signature.result.references)
        for param in signature.params:
            self._mentioned.update(param.type.references)
        return _signature(signature)

    def shapes(self) -> dict[str, Shape]:
        """Return the shapes of every class of the project that the contracts made since the last call mention."""
        mentioned, self._mentioned = self._mentioned, set()
        if self._place is not None:
            self._moved = dict(self._moves(self._shapes.references(mentioned), self._place))
        return self._shapes.closure(sorted(mentioned))

    def moved(self) -> Mapping[str, str]:
        """Return the names that classes kept, of those that `shapes` was last about, by their own names."""
        return self._moved

    def _moves(self, references: Iterable[Reference], place: ClassNamer) -> Iterator[tuple[str, str]]:
        for reference in references:
            source = self._resolver.load(reference.module) if reference.module and reference.path else None
            if source is None:
                continue
            symbol = self._resolver.lookup(Scope(source=source), tuple(reference.path.split(".")))
            if symbol is not None and isinstance(symbol.node, ast.ClassDef):
                here, there = defined_at(symbol).replace(":", "."), place(symbol).replace(":", ".")
                if here != there:
                    yield here, there

    def _caught(self, node: ast.expr, scope: FunctionScope) -> None:
        if self._place is None:
            self._raised |= self._places.caught(node, scope)

    def _result_of(self, node: FunctionNode, scope: Scope) -> str:
        if self._place is None:
            self._raised |= self._places.raised(node, scope)
        if node.returns is None or (isinstance(node.returns, ast.Constant) and node.returns.value is None):
            return "None" if node.returns is not None else ""
        found = self._annotations.convert(node.returns, scope)
        self._mentioned.update(found.references)
        return type_text(found)


def _signature(signature: Signature) -> tuple[tuple[Parameter, ...], str]:
    parameters = tuple(
        Parameter(name=param.name, kind=param.kind.value, type=type_text(param.type), has_default=param.has_default)
        for param in signature.params
    )
    return parameters, type_text(signature.result)


def _references(workflow: Workflow) -> Iterator[Reference]:
    for signature in workflow.signatures:
        yield from signature.result.references
        for param in signature.params:
            yield from param.type.references
    values = (*(event.type for event in workflow.events), *(topic.type for topic in workflow.topics))
    for kind in (*values, *(stream.type for stream in workflow.streams)):
        yield from kind.references
