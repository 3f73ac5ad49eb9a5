"""One module: its workflows, wherever in the module they are defined."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict

from dbos_gen.contract.scanner import ContractScanner
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.program.workflows.decorators import Decorators, WorkflowMark
from dbos_gen.program.workflows.events_and_topics import Operations
from dbos_gen.program.workflows.signatures import Signatures
from dbos_gen.python.scopes.resolution import Resolver, Scope, assigned_value
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.types.inheritance import Ancestor, ClassPlace, Inheritance, class_places
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.bindings import Defined, FunctionNode, branches
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.model import Event, Module, Receiver, Signature, Stream, Topic, TypeVariable, Workflow
from dbos_gen.vocabulary.type_expressions import ANY, Reference, TypeRef


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Definition:
    """A function of a module or class; ``branch`` names the conditional branches it stands in.

    ``source`` is the module, where it is not the one that is scanned.
    """

    node: FunctionNode
    owner: ast.ClassDef | None
    owner_path: str
    branch: tuple[tuple[int, int], ...]
    source: Source | None = None


class ModuleScanner:
    """Scans modules of one project."""

    def __init__(
        self,
        project: Project,
        diagnostics: Diagnostics,
        *,
        runtime: str,
        modules: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        """`modules` gives the names of all modules of the program."""
        self._project = project
        self._diagnostics = diagnostics
        resolver = Resolver(project)
        self._resolver = resolver
        annotations = Annotations(resolver, diagnostics)
        self._annotations = annotations
        self._decorators = Decorators(resolver, runtime)
        self._inheritance = Inheritance(resolver, annotations)
        self._signatures = Signatures(annotations, diagnostics)
        # What is wrong with annotations elsewhere in the project is not reported here.
        silent = Annotations(resolver, Diagnostics())
        # The stub says what one look at a workflow's own modules tells, so that it is stale when one of these changes.
        own = Evaluator(project)
        own_callees = Callees(resolver, silent, self._decorators, own)
        self._operations = Operations(resolver, annotations, own_callees, diagnostics)
        whole = Callees(resolver, silent, self._decorators, Evaluator(project, modules, units=own.units))
        self._contracts = ContractScanner(resolver, whole)

    def scan(self, name: str) -> Module | None:
        """Return the module's workflows, or None when it cannot be read or parsed (reported)."""
        source = self._project.load(name)
        if source is None:
            return None
        try:
            return self._scanned(source)
        except RecursionError:
            text = "an expression of the module is nested too deeply to be read"
            self._diagnostics.add(Code.DG001, source.path, 0, text, "split the expression")
            return None

    def _scanned(self, source: Source) -> Module:
        with self._project.reading() as read:
            self._project.load(source.name)
            found = tuple(self._workflows(source))
            inherited = tuple(self._inherited(source))
            digest = self._project.digest(read)
        # What only the contracts need does not make the stub stale.
        contracts = tuple(
            self._contracts.contract(
                workflow, definition.node, _scope(definition, definition.source or source), source.name
            )
            for definition, workflow in found
        )
        return Module(
            name=source.name,
            path=source.path,
            digest=digest,
            workflows=(*(workflow for _, workflow in found), *inherited),
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
            workflow = self._settled(self._workflow(definition, declared, mark, qualname, source))
            if qualname in found:
                self._report_second(found[qualname], (definition, workflow), source)
            else:
                found[qualname] = (definition, workflow)
        for applied in self._applied(source):
            found.setdefault(applied[1].qualname, applied)
        self._report_nested(source)
        return found.values()

    def _applied(self, source: Source) -> Iterator[tuple[_Definition, Workflow]]:
        """Yield what ``checkout = DBOS.workflow()(check_out)`` makes of functions of the project."""
        scope = Scope(source=source)
        for name, binding in source.bindings.names.items():
            value = assigned_value(binding.node) if isinstance(binding, Defined) else None
            mark = self._decorators.applied_workflow(value, scope) if isinstance(value, ast.Call) else None
            if mark is None or not isinstance(value, ast.Call) or len(value.args) != 1:
                continue
            function = self._resolver.resolve(scope, value.args[0])
            if function is None or not isinstance(function.node, FunctionNode) or "." in function.path:
                continue
            if function.source is None or self._is_refused(mark, function.node, source):
                continue
            definition = _Definition(node=function.node, owner=None, owner_path="", branch=(), source=function.source)
            workflow = self._workflow(definition, (), mark, function.path, function.source)
            yield definition, self._settled(replace(workflow, qualname=name, line=mark.line))

    def _inherited(self, source: Source) -> Iterator[Workflow]:
        """Yield the workflows that classes of the module have from their bases: they run on instances of the class."""
        for place in class_places(source):
            taken = place.bound_names
            for ancestor in self._inheritance.ancestors(place):
                for name, workflow in self._methods(ancestor.place):
                    if name not in taken:
                        yield self._settled(self._derived(workflow, name, place, ancestor))
                taken |= ancestor.place.bound_names

    def _methods(self, place: ClassPlace) -> Iterator[tuple[str, Workflow]]:
        overloads: dict[str, list[_Definition]] = {}
        for definition in _definitions(place.node.body, place.node, place.path):
            if definition.owner is not place.node:
                continue
            scope = _scope(definition, place.source)
            name = definition.node.name
            mark = self._decorators.workflow(definition.node, scope)
            if self._decorators.is_overload(definition.node, scope):
                overloads.setdefault(name, []).append(definition)
            elif mark is not None and not mark.bare and not mark.has_unknown_name:
                qualname = f"{place.path}.{name}"
                yield name, self._workflow(definition, overloads.pop(name, []), mark, qualname, place.source)

    def _derived(self, workflow: Workflow, name: str, place: ClassPlace, ancestor: Ancestor) -> Workflow:
        signatures = tuple(
            signature.with_types(lambda kind: kind.with_names(ancestor.arguments)) for signature in workflow.signatures
        )
        class_name = workflow.class_name
        if class_name is not None:
            class_name = self._decorators.class_name(place.node, place.path, Scope(source=place.source))
        used = {
            name.path
            for signature in signatures
            for kind in (signature.result, *(param.type for param in signature.params))
            for name in kind.references
        }
        own = self._signatures.type_variables(place.node, place.scope)
        return replace(
            workflow,
            qualname=f"{place.path}.{name}",
            line=place.node.lineno,
            owner=Reference(place.source.name, place.path),
            owner_parameters=self._inheritance.parameters(place),
            class_name=class_name,
            signatures=signatures,
            type_variables=tuple(known for known in (*own, *workflow.type_variables) if known.name in used),
            is_generic=self._is_generic(signatures),
            is_inherited=True,
            **_conversation(workflow, ancestor.arguments),
        )

    def _settled(self, workflow: Workflow) -> Workflow:
        """Return the workflow with Any for the type variables of its events: a run of it does not know their values."""
        values: tuple[Event | Topic | Stream, ...] = (*workflow.events, *workflow.topics, *workflow.streams)
        names = {name for value in values for name in value.type.references}
        variables = [name for name in names if self._annotations.is_type_variable(name)]
        return replace(workflow, **_conversation(workflow, dict.fromkeys(variables, ANY))) if variables else workflow

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
        owner_parameters: tuple[Reference, ...] = ()
        if definition.owner is not None:
            place = ClassPlace(node=definition.owner, source=source, path=definition.owner_path)
            owner_parameters = self._inheritance.parameters(place)
            own = self._signatures.type_variables(definition.owner, plain)
            variables.update({variable.name: variable for variable in own})
        class_name = None
        if definition.owner is not None and receiver in (Receiver.INSTANCE, Receiver.CLASS):
            module = Scope(source=source)
            class_name = self._decorators.class_name(definition.owner, definition.owner_path, module)
        return Workflow(
            qualname=qualname,
            name=mark.name or qualname,
            line=node.lineno,
            receiver=receiver,
            owner=owner,
            owner_parameters=owner_parameters,
            class_name=class_name,
            is_async=isinstance(node, ast.AsyncFunctionDef),
            signatures=tuple(signatures),
            is_generic=self._is_generic(signatures),
            type_variables=tuple(variables[name] for name in sorted(variables)),
            events=events,
            topics=topics,
            streams=streams,
            doc=ast.get_docstring(node),
        )

    def _is_generic(self, signatures: Iterable[Signature]) -> bool:
        results = {signature.result for signature in signatures}
        return len(results) > 1 or any(self._has_variable(result.references) for result in results)

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


class _Conversation(TypedDict):
    events: tuple[Event, ...]
    topics: tuple[Topic, ...]
    streams: tuple[Stream, ...]


def _conversation(workflow: Workflow, arguments: Mapping[Reference, TypeRef]) -> _Conversation:
    """Return the events, topics and streams of a workflow with other types in the place of type variables."""
    return _Conversation(
        events=tuple(replace(event, type=event.type.with_names(arguments)) for event in workflow.events),
        topics=tuple(replace(topic, type=topic.type.with_names(arguments)) for topic in workflow.topics),
        streams=tuple(replace(stream, type=stream.type.with_names(arguments)) for stream in workflow.streams),
    )


def _bracketed(node: FunctionNode, qualname: str) -> dict[str, str]:
    """Return the type parameters in brackets with names that differ from those of every other workflow."""
    declared: list[ast.AST] = getattr(node, "type_params", [])
    names = [str(getattr(parameter, "name", "")) for parameter in declared]
    return {name: f"_{qualname.replace('.', '_')}_{name}" for name in names}


def _scope(definition: _Definition, source: Source, type_parameters: dict[str, str] | None = None) -> Scope:
    names = dict(type_parameters or {})
    if definition.owner is not None:
        place = ClassPlace(node=definition.owner, source=source, path=definition.owner_path)
        names = {**place.scope.type_parameters, **names}
    return Scope(source=source, owner=definition.owner, owner_path=definition.owner_path, type_parameters=names)


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
