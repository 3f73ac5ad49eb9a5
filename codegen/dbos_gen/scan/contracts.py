"""Contracts of the workflows of one module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dbos_gen.contract.records import Contract, Parameter, Shape
from dbos_gen.diagnostics import Diagnostics
from dbos_gen.model import Reference, Workflow
from dbos_gen.scan.annotations import Annotations
from dbos_gen.scan.bindings import FunctionNode
from dbos_gen.scan.callees import Callees
from dbos_gen.scan.decorators import Decorators
from dbos_gen.scan.keys import Keys
from dbos_gen.scan.provenance import Provenance
from dbos_gen.scan.scope import Resolver, Scope
from dbos_gen.scan.shapes import Shapes, type_text
from dbos_gen.scan.skeleton import Skeletons


class ContractScanner:
    """Builds contracts. What is wrong with annotations elsewhere in the project is not reported here."""

    def __init__(self, resolver: Resolver, decorators: Decorators) -> None:
        self._annotations = Annotations(resolver, Diagnostics())
        callees = Callees(resolver, self._annotations, decorators)
        self._shapes = Shapes(resolver, self._annotations)
        self._skeletons = Skeletons(
            callees, Keys(resolver, self._annotations), Provenance(resolver, callees), self._result_of
        )
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
            signatures=tuple(
                (
                    tuple(
                        Parameter(
                            name=param.name,
                            kind=param.kind.value,
                            type=type_text(param.type),
                            has_default=param.has_default,
                        )
                        for param in signature.params
                    ),
                    type_text(signature.result),
                )
                for signature in workflow.signatures
            ),
            events={event.key: type_text(event.type) for event in workflow.events},
            topics={topic.name or "": type_text(topic.type) for topic in workflow.topics},
            streams={stream.key: type_text(stream.type) for stream in workflow.streams},
            calls=self._skeletons.read(node, scope),
        )

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


def _references(workflow: Workflow) -> Iterator[Reference]:
    for signature in workflow.signatures:
        yield from signature.result.references
        for param in signature.params:
            yield from param.type.references
    values = (*(event.type for event in workflow.events), *(topic.type for topic in workflow.topics))
    for kind in (*values, *(stream.type for stream in workflow.streams)):
        yield from kind.references
