"""Contracts of the workflows of one module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dbos_gen.contract.records import Contract, Parameter, Shape, Skeleton
from dbos_gen.diagnostics import Diagnostics
from dbos_gen.model import Receiver, Signature, Workflow
from dbos_gen.scan.annotations import Annotations
from dbos_gen.scan.bindings import FunctionNode
from dbos_gen.scan.callees import Callees
from dbos_gen.scan.decorators import Decorators
from dbos_gen.scan.inference import FunctionScope, function_scope
from dbos_gen.scan.keys import Keys
from dbos_gen.scan.provenance import Provenance
from dbos_gen.scan.scope import Resolver, Scope
from dbos_gen.scan.shapes import Shapes, type_text
from dbos_gen.scan.signatures import Signatures
from dbos_gen.scan.skeleton import Skeletons
from dbos_gen.scan.wording import AsWritten, Digested
from dbos_gen.typerefs import Reference


class ContractScanner:
    """Builds contracts. What is wrong with annotations elsewhere in the project is not reported here."""

    def __init__(self, resolver: Resolver, decorators: Decorators, *, is_digested: bool = False) -> None:
        """`is_digested`: what decides branches is written for comparison rather than for people."""
        self._annotations = Annotations(resolver, Diagnostics())
        callees = Callees(resolver, self._annotations, decorators)
        self._shapes = Shapes(resolver, self._annotations)
        provenance = Provenance(resolver, callees)
        wording = Digested(resolver, callees, provenance) if is_digested else AsWritten(provenance)
        self._skeletons = Skeletons(callees, Keys(resolver, self._annotations), wording, self._result_of)
        self._mentioned: set[Reference] = set()

    def contract(self, workflow: Workflow, node: FunctionNode, scope: Scope, module: str) -> Contract:
        """Return the contract of a workflow defined by ``node``."""
        self._mentioned.update(_references(workflow))
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
            calls=self.calls(function_scope(node, scope)),
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
        return self._shapes.closure(sorted(mentioned))

    def _result_of(self, node: FunctionNode, scope: Scope) -> str:
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
