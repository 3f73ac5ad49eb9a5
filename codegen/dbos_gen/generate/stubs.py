"""The typed half of a generated module: IR to the classes of the ``.pyi`` file, ready for the template."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from dbos_gen.generate.formatting import call_like, declaration, docstring, import_as, import_from
from dbos_gen.generate.stub_imports import ImportLine, Imports
from dbos_gen.vocabulary.identifiers import WorkflowNames, free, names_of, quoted
from dbos_gen.vocabulary.model import Module, Param, ParamKind, Receiver, Signature, Workflow
from dbos_gen.vocabulary.type_expressions import ANY, Reference, TypeRef, builtin, subscript

_ATTRIBUTES = frozenset({"start", "enqueue", "via", "get_event", "send", "read_stream"})
_RESULT = "_R"
_POSITIONAL = (ParamKind.POSITIONAL_ONLY, ParamKind.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassText:
    """One class: its ``class`` line without the colon, its docstring and its members, all laid out."""

    head: str
    doc: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """Everything the stub's template prints."""

    pragmas: tuple[str, ...]
    imports: tuple[tuple[str, ...], ...]
    variables: tuple[str, ...]
    classes: tuple[ClassText, ...]
    declarations: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Namespace:
    """A class of the source as far as it holds workflows."""

    path: str
    children: dict[str, Namespace]
    workflows: list[Workflow]


def namespaces(workflows: Sequence[Workflow]) -> Namespace:
    """Return the tree of classes that hold workflows; its root is the module."""
    root = Namespace(path="", children={}, workflows=[])
    for workflow in sorted(workflows, key=lambda found: found.qualname):
        *owners, _ = workflow.qualname.split(".")
        space = root
        for depth, owner in enumerate(owners):
            path = ".".join(owners[: depth + 1])
            space = space.children.setdefault(owner, Namespace(path=path, children={}, workflows=[]))
        space.workflows.append(workflow)
    return root


def top_level_names(module: Module) -> set[str]:
    """Return every name that the generated module defines at its top."""
    names: set[str] = set()
    for workflow in module.workflows:
        own = names_of(workflow.qualname)
        names |= {workflow.qualname.partition(".")[0], own.handle, own.ref, own.client}
    return names


def build(module: Module, first_party: Container[str], refs: str) -> Stub:
    """Return the stub of one module.

    ``first_party`` are the top-level names of the project's own modules, ``refs`` is the module with the bases.
    """
    return _Builder(module, first_party, refs).build()


class _Builder:
    def __init__(self, module: Module, first_party: Container[str], refs: str) -> None:
        self._module = module
        self._refs_module = refs
        self._first_party = first_party
        self._root = namespaces(module.workflows)
        taken = top_level_names(module) | _ATTRIBUTES
        taken |= {variable.name for workflow in module.workflows for variable in workflow.type_variables}
        self._result_variable = free(_RESULT, taken)
        self._imports = Imports(self._references(), taken=taken | {self._result_variable})

    def build(self) -> Stub:
        workflows = sorted(self._module.workflows, key=lambda workflow: workflow.qualname)
        classes = [text for workflow in workflows for text in self._classes(workflow)]
        for _, space in sorted(self._root.children.items()):
            classes.append(self._namespace(space))
        declarations = [
            declaration(names_of(workflow.qualname).attribute, names_of(workflow.qualname).ref)
            for workflow in self._root.workflows
        ]
        pragmas = ["# pyright: reportPrivateUsage=false"] if self._imports.uses_private_names else []
        return Stub(
            pragmas=tuple(pragmas),
            imports=tuple(
                tuple(_import(line) for line in section) for section in self._imports.sections(self._first_party)
            ),
            variables=tuple(self._variables()),
            classes=tuple(classes),
            declarations=tuple(declarations),
        )

    def _references(self) -> Iterator[Reference]:
        """Yield every foreign name that the stub uses."""
        yield from (
            Reference("builtins", "str"),
            Reference(self._refs_module, "WorkflowClient"),
            Reference(self._refs_module, "Queue"),
        )
        for workflow in self._module.workflows:
            yield Reference(self._refs_module, _handle_base(workflow))
            yield Reference(self._refs_module, _surface(workflow))
            if workflow.receiver is Receiver.INSTANCE and workflow.owner is not None:
                yield workflow.owner
                for signature in workflow.signatures:
                    yield from _instance(workflow, workflow.owner, signature).references
                    yield from (ANY.references if workflow.owner_parameters else ())
            if workflow.is_generic:
                yield from (Reference("typing", "Any"), Reference("typing", "TypeVar"))
            if max(map(len, (workflow.signatures, workflow.events, workflow.topics, workflow.streams))) > 1:
                yield Reference("typing", "overload")
            if workflow.streams:
                yield _iterator(workflow)
            if workflow.events or workflow.streams or any(topic.name is not None for topic in workflow.topics):
                yield Reference("typing", "Literal")
            if workflow.events:
                yield Reference("builtins", "float")
            for variable in workflow.type_variables:
                yield Reference("typing", "TypeVar")
                for bound in (*variable.constraints, *([variable.bound] if variable.bound else [])):
                    yield from bound.references
            for kind in _types(workflow):
                yield from kind.references

    def _variables(self) -> Iterator[str]:
        made: set[str] = set()
        if any(workflow.is_generic for workflow in self._module.workflows):
            yield f"{self._result_variable} = {self._typing('TypeVar')}({quoted(self._result_variable)})"
        for workflow in sorted(self._module.workflows, key=lambda found: found.qualname):
            for variable in workflow.type_variables:
                arguments = [quoted(variable.name), *(self._imports.text(kind) for kind in variable.constraints)]
                if variable.bound is not None:
                    arguments.append(f"bound={self._imports.text(variable.bound)}")
                if variable.name not in made:
                    yield call_like(f"{variable.name} = {self._typing('TypeVar')}", arguments, "")
                made.add(variable.name)

    def _typing(self, name: str) -> str:
        return self._imports.name(Reference("typing", name))

    def _refs(self, name: str) -> str:
        return self._imports.name(Reference(self._refs_module, name))

    def _builtin(self, name: str) -> str:
        return self._imports.text(builtin(name))

    def _classes(self, workflow: Workflow) -> Iterator[ClassText]:
        names = names_of(workflow.qualname)
        result = self._result_variable if workflow.is_generic else self._imports.text(workflow.signatures[0].result)
        stored = f"{names.handle}[{self._typing('Any')}]" if workflow.is_generic else names.handle
        stored_result = self._typing("Any") if workflow.is_generic else result
        title = f"`{self._module.name}.{workflow.qualname}`"
        yield ClassText(
            head=call_like(f"class {names.handle}", [f"{self._refs(_handle_base(workflow))}[{result}]"], ":"),
            doc=docstring(f"A run of the workflow {title}.", indent=4),
            members=(*self._get_event(workflow), *self._send(workflow), *self._read_stream(workflow)),
        )
        surface = f"{self._refs(_surface(workflow))}[{stored}, {stored_result}]"
        yield ClassText(
            head=call_like(f"class {names.client}", [surface], ":"),
            doc=docstring(f"The workflow {title}, reached through a client.", indent=4),
            members=tuple(self._starter(workflow, names, "enqueue", client=True)),
        )
        yield ClassText(
            head=call_like(f"class {names.ref}", [surface], ":"),
            doc=docstring(f"The workflow {title}.", indent=4),
            members=(
                *self._starter(workflow, names, "start", client=False),
                *self._starter(workflow, names, "enqueue", client=False),
                call_like(
                    "def via", ["self", f"client: {self._refs('WorkflowClient')}"], f" -> {names.client}: ...", indent=4
                ),
            ),
        )

    def _namespace(self, space: Namespace) -> ClassText:
        name = space.path.rpartition(".")[2]
        members = [
            declaration(names_of(workflow.qualname).attribute, names_of(workflow.qualname).ref, indent=4)
            for workflow in space.workflows
        ]
        for _, child in sorted(space.children.items()):
            inner = self._namespace(child)
            blank = [""] if members else []
            lines = "\n".join([*blank, inner.head, inner.doc, "", *inner.members])
            members.append("\n".join(f"    {line}" if line else "" for line in lines.split("\n")))
        return ClassText(
            head=f"class {name}:",
            doc=docstring(f"Workflows of the class `{self._module.name}.{space.path}`.", indent=4),
            members=tuple(members),
        )

    def _get_event(self, workflow: Workflow) -> Iterator[str]:
        for event in workflow.events:
            kind = event.type if _is_optional(event.type) else _optional(event.type)
            params = [
                "self",
                f"key: {self._typing('Literal')}[{quoted(event.key)}]",
                f"timeout_seconds: {self._builtin('float')} = ...",
            ]
            tail = f" -> {self._imports.text(kind)}: ..."
            yield from self._overloaded(len(workflow.events), self._def("get_event", workflow, params, tail))

    def _send(self, workflow: Workflow) -> Iterator[str]:
        for topic in workflow.topics:
            params = ["self", f"message: {self._imports.text(topic.type)}"]
            if topic.name is None:
                params.append("topic: None = ...")
            else:
                params.append(f"topic: {self._typing('Literal')}[{quoted(topic.name)}]")
            params += ["*", f"idempotency_key: {self._builtin('str')} | None = ..."]
            yield from self._overloaded(len(workflow.topics), self._def("send", workflow, params, " -> None: ..."))

    def _read_stream(self, workflow: Workflow) -> Iterator[str]:
        for stream in workflow.streams:
            params = ["self", f"key: {self._typing('Literal')}[{quoted(stream.key)}]"]
            iterator = self._imports.name(_iterator(workflow))
            tail = f" -> {iterator}[{self._imports.text(stream.type)}]: ..."
            definition = call_like("def read_stream", params, tail, indent=4)
            yield from self._overloaded(len(workflow.streams), definition)

    def _starter(self, workflow: Workflow, names: WorkflowNames, method: str, *, client: bool) -> Iterator[str]:
        has_instance = workflow.receiver is Receiver.INSTANCE and not client
        for index, written in enumerate(workflow.signatures):
            signature = written if has_instance else _without_instance(workflow, written)
            returned = names.handle
            if workflow.is_generic:
                returned = f"{names.handle}[{self._imports.text(signature.result)}]"
            params = self._params(workflow, signature, method, client=client)
            if method == "start" and workflow.doc and index == 0:
                body = f" -> {returned}:\n{docstring(workflow.doc, indent=8)}"
            else:
                body = f" -> {returned}: ..."
            yield from self._overloaded(len(workflow.signatures), self._def(method, workflow, params, body))

    def _def(self, name: str, workflow: Workflow, params: Sequence[str], tail: str) -> str:
        first, newline, rest = tail.partition("\n")
        keyword = "async def" if workflow.is_async else "def"
        return call_like(f"{keyword} {name}", params, first, indent=4) + newline + rest

    def _overloaded(self, count: int, definition: str) -> Iterator[str]:
        yield f"    @{self._typing('overload')}\n{definition}" if count > 1 else definition

    def _params(self, workflow: Workflow, signature: Signature, method: str, *, client: bool) -> list[str]:
        own = {param.name for param in signature.params}
        leading: list[str] = []
        if method == "enqueue":
            kind = self._builtin("str") if client else self._refs("Queue")
            leading.append(f"{_distinct('queue', own)}: {kind}")
        if workflow.receiver is Receiver.INSTANCE and workflow.owner is not None:
            if client:
                leading.append(f"{_distinct('config_name', own)}: {self._builtin('str')}")
            else:
                instance = self._imports.text(_instance(workflow, workflow.owner, signature))
                leading.append(f"{_distinct('instance', own)}: {instance}")
        params = [_distinct("self", own), *leading]
        only = [param for param in signature.params if param.kind is ParamKind.POSITIONAL_ONLY]
        params.extend(self._param(param) for param in only)
        if leading or only:
            params.append("/")
        rest = [param for param in signature.params if param.kind is not ParamKind.POSITIONAL_ONLY]
        has_star = any(param.kind is ParamKind.VAR_POSITIONAL for param in rest)
        for param in rest:
            if param.kind is ParamKind.KEYWORD_ONLY and not has_star:
                params.append("*")
                has_star = True
            params.append(self._param(param))
        return params

    def _param(self, param: Param) -> str:
        stars = {ParamKind.VAR_POSITIONAL: "*", ParamKind.VAR_KEYWORD: "**"}.get(param.kind, "")
        default = " = ..." if param.has_default else ""
        return f"{stars}{param.name}: {self._imports.text(param.type)}{default}"


def _import(line: ImportLine) -> str:
    if line.alias:
        return import_as(line.module, "".join(line.names), line.alias)
    return import_from(line.module, line.names)


def _distinct(wanted: str, taken: set[str]) -> str:
    """Return a name for a parameter of ours that differs from all of the workflow's."""
    while wanted in taken:
        wanted = f"_{wanted}"
    return wanted


def _instance(workflow: Workflow, owner: Reference, signature: Signature) -> TypeRef:
    """Return the type of what a method is called on; type parameters that the signature does not mention are Any."""
    kind = TypeRef((owner,))
    if not workflow.owner_parameters:
        return kind
    used = _uses(signature)
    return subscript(kind, *(TypeRef((name,)) if name in used else ANY for name in workflow.owner_parameters))


def _without_instance(workflow: Workflow, signature: Signature) -> Signature:
    """Return the signature without the type parameters of the class that only the instance would have bound."""
    used = _uses(signature)
    unbound = {name: ANY for name in workflow.owner_parameters if used.count(name) == 1}
    return signature.with_types(lambda kind: kind.with_names(unbound)) if unbound else signature


def _uses(signature: Signature) -> list[Reference]:
    return [
        name for kind in (signature.result, *(param.type for param in signature.params)) for name in kind.references
    ]


def _handle_base(workflow: Workflow) -> str:
    return "WorkflowHandleAsync" if workflow.is_async else "WorkflowHandle"


def _iterator(workflow: Workflow) -> Reference:
    return Reference("collections.abc", "AsyncIterator" if workflow.is_async else "Iterator")


def _surface(workflow: Workflow) -> str:
    return "StoredWorkflowsAsync" if workflow.is_async else "StoredWorkflows"


def _types(workflow: Workflow) -> Iterator[TypeRef]:
    for signature in workflow.signatures:
        yield signature.result
        yield from (param.type for param in signature.params)
    yield from (event.type for event in workflow.events)
    yield from (topic.type for topic in workflow.topics)
    yield from (stream.type for stream in workflow.streams)


def _is_optional(kind: TypeRef) -> bool:
    depth = 0
    parts = "".join(part if isinstance(part, str) else "_" for part in kind.parts)
    member = ""
    for char in f"{parts} | ":
        depth += (char in "[(") - (char in "])")
        if char == "|" and depth == 0:
            if member.strip() == "None":
                return True
            member = ""
        else:
            member += char
    return False


def _optional(kind: TypeRef) -> TypeRef:
    return TypeRef((*kind.parts, " | None"))
