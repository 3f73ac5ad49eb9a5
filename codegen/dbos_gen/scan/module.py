"""One module: its workflows, wherever in the module they are defined."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbos_gen.diagnostics import Code, Diagnostics
from dbos_gen.model import Module, Receiver, Reference, Signature, TypeVariable, Workflow
from dbos_gen.scan.annotations import Annotations
from dbos_gen.scan.bindings import FunctionNode, branches
from dbos_gen.scan.contracts import ContractScanner
from dbos_gen.scan.decorators import Decorators, WorkflowMark
from dbos_gen.scan.operations import Operations
from dbos_gen.scan.scope import Resolver, Scope
from dbos_gen.scan.signatures import Signatures
from dbos_gen.scan.source import Project, Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Definition:
    """A function of a module or class; ``branch`` names the conditional branches it stands in."""

    node: FunctionNode
    owner: ast.ClassDef | None
    owner_path: str
    branch: tuple[tuple[int, int], ...]


class ModuleScanner:
    """Scans modules of one project."""

    def __init__(self, project: Project, diagnostics: Diagnostics, *, runtime: str) -> None:
        self._project = project
        self._diagnostics = diagnostics
        resolver = Resolver(project)
        annotations = Annotations(resolver, diagnostics)
        self._annotations = annotations
        self._decorators = Decorators(resolver, runtime)
        self._signatures = Signatures(annotations, diagnostics)
        self._operations = Operations(resolver, annotations, self._decorators, diagnostics)
        self._contracts = ContractScanner(resolver, self._decorators)

    def scan(self, name: str) -> Module | None:
        """Return the module's workflows, or None when it cannot be read or parsed (reported)."""
        with self._project.reading() as read:
            source = self._project.load(name)
            if source is None:
                return None
            found = tuple(self._workflows(source))
            digest = self._project.digest(read)
        # What only the contracts need does not make the stub stale.
        contracts = tuple(
            self._contracts.contract(workflow, definition.node, _scope(definition, source), name)
            for definition, workflow in found
        )
        return Module(
            name=name,
            path=source.path,
            digest=digest,
            workflows=tuple(workflow for _, workflow in found),
            contracts=contracts,
            shapes=self._contracts.shapes(),
        )

    def _workflows(self, source: Source) -> Iterable[tuple[_Definition, Workflow]]:
        found: dict[str, tuple[_Definition, Workflow]] = {}
        overloads: dict[str, list[_Definition]] = {}
        for definition in _definitions(source.tree.body):
            scope = _scope(definition, source)
            qualname = f"{definition.owner_path}.{definition.node.name}".lstrip(".")
            if self._decorators.is_overload(definition.node, scope):
                overloads.setdefault(qualname, []).append(definition)
                continue
            declared = overloads.pop(qualname, [])
            mark = self._decorators.workflow(definition.node, scope)
            if mark is None or self._is_refused(mark, definition.node, source):
                continue
            workflow = self._workflow(definition, declared, mark, qualname, source)
            if qualname in found:
                self._report_second(found[qualname], (definition, workflow), source)
            else:
                found[qualname] = (definition, workflow)
        self._report_nested(source)
        return found.values()

    def _workflow(
        self,
        definition: _Definition,
        overloads: Iterable[_Definition],
        mark: WorkflowMark,
        qualname: str,
        source: Source,
    ) -> Workflow:
        node = definition.node
        plain = _scope(definition, source)
        receiver = self._decorators.receiver(node, plain)
        written = [*(overload.node for overload in overloads)] or [node]
        variables: dict[str, TypeVariable] = {}
        signatures: list[Signature] = []
        for function in written:
            scope = _scope(definition, source, _bracketed(function, qualname))
            variables.update({variable.name: variable for variable in self._signatures.type_variables(function, scope)})
            signatures.append(self._signatures.read(function, scope, receiver))
        events, topics, streams = self._operations.collect(node, _scope(definition, source, _bracketed(node, qualname)))
        owner = Reference(source.name, definition.owner_path) if definition.owner is not None else None
        class_name = None
        if definition.owner is not None and receiver in (Receiver.INSTANCE, Receiver.CLASS):
            module = Scope(source=source)
            class_name = self._decorators.class_name(definition.owner, definition.owner_path, module)
        results = {signature.result for signature in signatures}
        return Workflow(
            qualname=qualname,
            name=mark.name or qualname,
            line=node.lineno,
            receiver=receiver,
            owner=owner,
            class_name=class_name,
            is_async=isinstance(node, ast.AsyncFunctionDef),
            signatures=tuple(signatures),
            is_generic=len(results) > 1 or any(self._has_variable(result.references) for result in results),
            type_variables=tuple(variables[name] for name in sorted(variables)),
            events=events,
            topics=topics,
            streams=streams,
            doc=ast.get_docstring(node),
        )

    def _has_variable(self, references: Iterable[Reference]) -> bool:
        return any(self._annotations.is_type_variable(reference) for reference in references)

    def _is_refused(self, mark: WorkflowMark, node: FunctionNode, source: Source) -> bool:
        if mark.bare:
            self._diagnostics.add(
                Code.DG024,
                source.path,
                mark.line,
                f"`@DBOS.workflow` on `{node.name}` stands without parentheses, so nothing is registered",
                "write `@DBOS.workflow()`",
            )
        if mark.has_unknown_name:
            self._diagnostics.add(
                Code.DG023,
                source.path,
                mark.line,
                f"the registered name of workflow `{node.name}` is not a constant",
                'write `@DBOS.workflow(name="...")` with a string',
            )
        return mark.bare or mark.has_unknown_name

    def _report_second(
        self, first: tuple[_Definition, Workflow], second: tuple[_Definition, Workflow], source: Source
    ) -> None:
        (first_definition, kept), (second_definition, other) = first, second
        if not _exclude_each_other(first_definition.branch, second_definition.branch):
            self._diagnostics.add(
                Code.DG021,
                source.path,
                other.line,
                f"workflow `{other.qualname}` is defined twice in this module, first in line {kept.line}",
                "rename one of them",
            )
        elif (kept.signatures, kept.is_async) != (other.signatures, other.is_async):
            self._diagnostics.add(
                Code.DG025,
                source.path,
                other.line,
                f"workflow `{other.qualname}` has another signature in line {kept.line}; that one is generated",
                "give both the same signature, or different names",
            )

    def _report_nested(self, source: Source) -> None:
        scope = Scope(source=source)
        pending: list[tuple[ast.stmt, FunctionNode | None]] = [(statement, None) for statement in source.tree.body]
        while pending:
            node, function = pending.pop()
            if isinstance(node, FunctionNode):
                is_nested = function is not None and bool(node.decorator_list)
                if function is not None and is_nested and self._decorators.workflow(node, scope) is not None:
                    self._diagnostics.add(
                        Code.DG016,
                        source.path,
                        node.lineno,
                        f"workflow `{node.name}` is defined inside function `{function.name}`, so it gets no reference",
                        "move it to the top of the module",
                    )
                pending.extend((inner, node) for inner in node.body)
            elif isinstance(node, ast.ClassDef):
                pending.extend((inner, function) for inner in node.body)
            else:
                pending.extend((inner, function) for branch in branches(node) for inner in branch)


def _bracketed(node: FunctionNode, qualname: str) -> dict[str, str]:
    """Return the type parameters in brackets with names that differ from those of every other workflow."""
    declared: list[ast.AST] = getattr(node, "type_params", [])
    names = [str(getattr(parameter, "name", "")) for parameter in declared]
    return {name: f"_{qualname.replace('.', '_')}_{name}" for name in names}


def _scope(definition: _Definition, source: Source, type_parameters: dict[str, str] | None = None) -> Scope:
    return Scope(
        source=source, owner=definition.owner, owner_path=definition.owner_path, type_parameters=type_parameters or {}
    )


def _definitions(
    body: Iterable[ast.stmt],
    owner: ast.ClassDef | None = None,
    owner_path: str = "",
    branch: tuple[tuple[int, int], ...] = (),
) -> Iterator[_Definition]:
    for statement in body:
        if isinstance(statement, FunctionNode):
            yield _Definition(node=statement, owner=owner, owner_path=owner_path, branch=branch)
        elif isinstance(statement, ast.ClassDef):
            path = f"{owner_path}.{statement.name}".lstrip(".")
            yield from _definitions(statement.body, statement, path, branch)
        else:
            for number, inner in enumerate(branches(statement)):
                yield from _definitions(inner, owner, owner_path, (*branch, (statement.lineno, number)))


def _exclude_each_other(first: tuple[tuple[int, int], ...], second: tuple[tuple[int, int], ...]) -> bool:
    numbers = dict(second)
    return any(line in numbers and numbers[line] != number for line, number in first)
