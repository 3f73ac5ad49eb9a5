"""IR to text: the two files of each module and the package around them."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

import dbos_gen
from dbos_gen.generate import stubs
from dbos_gen.generate.formatting import call_like, docstring, subscripted
from dbos_gen.sources.config import REFS_OF_DBOS, REFS_OF_TYPED
from dbos_gen.vocabulary.identifiers import MARK, free, names_of, quoted
from dbos_gen.vocabulary.model import Event, Module, Stream, Topic, Workflow
from dbos_gen.vocabulary.type_expressions import ANY, NONE, TypeRef, builtin

_INDENT = 4
_WIDTH = 88
# Modules whose classes every process can store and read.
_KNOWN_MODULES = frozenset(
    {"collections", "collections.abc", "datetime", "decimal", "pathlib", "typing", "typing_extensions", "uuid"}
)
# Results that are stored as they are.
_NATIVE = (ANY, NONE, *(builtin(name) for name in ("bool", "int", "str")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One file; ``path`` is relative to the output package, with forward slashes."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleText:
    """A handle class of the runtime half."""

    name: str
    doc: str
    events: tuple[str, ...]
    topics: tuple[str, ...]


def render_module(module: Module, place: str, first_party: Container[str], refs: str) -> tuple[Rendered, Rendered]:
    """Return the two files of a module; ``place`` is its path in the output package, without a suffix.

    ``first_party`` are the top-level names of the project's own modules, which its imports put last, and ``refs`` is
    the module that it imports its bases from. Raises AssertionError when what was generated does not parse: a defect
    of the generator.
    """
    return (
        _checked(f"{place}.py", _runtime_half(module, refs)),
        _checked(f"{place}.pyi", _typed_half(module, first_party, refs)),
    )


def render_package(paths: Iterable[str]) -> tuple[Rendered, ...]:
    """Return the files of the package itself: ``__init__.py``, ``py.typed`` and the bases for another runtime."""
    text = _environment().get_template("package.py.j2").render(mark=_mark())
    refs = f"{REFS_OF_DBOS}.py"
    return tuple(
        _checked(path, _environment().get_template("dbos_refs.py.j2").render(mark=_mark()))
        if path == refs
        else Rendered(path=path, text=text)
        for path in paths
    )


def _mark() -> str:
    return f"{MARK}{dbos_gen.__version__}"


def _checked(path: str, text: str) -> Rendered:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        msg = f"the text generated for {path} does not parse: {error}"
        raise AssertionError(msg) from error
    return Rendered(path=path, text=text)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dbos_gen_templates", ""),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # the output is Python, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _typed_half(module: Module, first_party: Container[str], refs: str) -> str:
    template = _environment().get_template("module.pyi.j2")
    return template.render(mark=_mark(), module=module, stub=stubs.build(module, first_party, refs))


def _runtime_half(module: Module, refs: str) -> str:
    template = _environment().get_template("module.py.j2")
    return template.render(mark=_mark(), module=module, refs_module=refs, **_RuntimeHalf(module, refs).texts())


class _RuntimeHalf:
    def __init__(self, module: Module, refs: str) -> None:
        self._module = module
        self._refs_module = refs
        taken = stubs.top_level_names(module)
        self._any = free("_Any", taken)
        self._refs = free("_refs", taken)

    def texts(self) -> dict[str, object]:
        """Return what the template prints."""
        workflows = sorted(self._module.workflows, key=lambda workflow: workflow.qualname)
        root = stubs.namespaces(workflows)
        return {
            "any": self._any,
            "refs": self._refs,
            "handles": [self._handle(workflow) for workflow in workflows],
            "assignments": [self._assignment(workflow, indent=0) for workflow in root.workflows],
            "namespaces": [self._namespace(space, 0) for _, space in sorted(root.children.items())],
        }

    def _handle(self, workflow: Workflow) -> str:
        base = "TypedHandleAsync" if workflow.is_async else "TypedHandle"
        head = f"class {names_of(workflow.qualname).handle}"
        members = [
            *_table("events", workflow.events),
            *_table("topics", workflow.topics),
            *_table("streams", workflow.streams),
            *self._types(workflow),
        ]
        lines = [
            call_like(head, [f"{self._refs}.{base}[{self._any}]"], ":"),
            docstring(f"A run of the workflow `{self._module.name}.{workflow.qualname}`.", indent=_INDENT),
            *(["", *members] if members else ()),
        ]
        return "\n".join(lines)

    def _types(self, workflow: Workflow) -> Iterable[str]:
        """Yield what a process without the workflow needs to read its results and to send it values."""
        if self._refs_module != REFS_OF_TYPED:
            return
        margin = " " * _INDENT
        result = workflow.signatures[0].result
        if not workflow.is_generic and result not in _NATIVE:
            expression, named = _imported(result)
            arguments = [quoted(expression), *(quoted(place) for place in named)]
            yield from _call(f"{margin}result_type = {self._refs}.ImportedType", arguments, margin)
        places = {place for kind in _value_types(workflow) for place in _imported(kind)[1]}
        values = sorted(place for place in places if place.partition(":")[0] not in _KNOWN_MODULES)
        if values:
            yield f"{margin}value_types = ["
            yield from (f"{margin}    {quoted(place)}," for place in values)
            yield f"{margin}]"

    def _namespace(self, space: stubs.Namespace, indent: int) -> str:
        lines = [f"{' ' * indent}class {space.path.rpartition('.')[2]}:"]
        lines.append(docstring(f"Workflows of the class `{self._module.name}.{space.path}`.", indent=indent + _INDENT))
        for workflow in space.workflows:
            lines += ["", self._assignment(workflow, indent=indent + _INDENT)]
        for _, child in sorted(space.children.items()):
            lines += ["", self._namespace(child, indent + _INDENT)]
        return "\n".join(lines)

    def _assignment(self, workflow: Workflow, *, indent: int) -> str:
        names = names_of(workflow.qualname)
        arguments = [
            f"module={quoted(self._module.name)}",
            f"qualname={quoted(workflow.qualname)}",
            f"name={quoted(workflow.name)}",
            f"handle={names.handle}",
        ]
        if workflow.class_name is not None:
            arguments.append(f"receiver={self._refs}.Receiver.{workflow.receiver.name}")
            arguments.append(f"class_name={quoted(workflow.class_name)}")
        margin = " " * indent
        inner = "".join(f"{margin}    {argument},\n" for argument in arguments)
        base = f"{self._refs}.{'WorkflowRefAsync' if workflow.is_async else 'WorkflowRef'}"
        made = subscripted(f"{names.attribute} = {base}", [names.handle, self._any], "(", indent=indent)
        return f"{made}\n{inner}{margin})"


def _call(head: str, arguments: Sequence[str], margin: str) -> Iterable[str]:
    """Yield a call with literals, which are not broken as types would be."""
    line = f"{head}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        yield line
        return
    yield f"{head}("
    yield from (f"{margin}    {argument}," for argument in arguments)
    yield f"{margin})"


def _value_types(workflow: Workflow) -> Iterable[TypeRef]:
    for signature in workflow.signatures:
        yield from (param.type for param in signature.params)
    yield from (event.type for event in workflow.events)
    yield from (topic.type for topic in workflow.topics)
    yield from (stream.type for stream in workflow.streams)


def _imported(kind: TypeRef) -> tuple[str, list[str]]:
    """Return a type as an expression over builtins and ``_0``, ``_1``, …, and the places that these stand for."""
    places: list[str] = []
    text = ""
    for part in kind.parts:
        if isinstance(part, str) or part.module == "builtins":
            text += part if isinstance(part, str) else part.path
        elif part.module:
            place = f"{part.module}:{part.path}"
            places.extend([place] if place not in places else [])
            text += f"_{places.index(place)}"
    return text, places


def _table(name: str, entries: Sequence[Event | Topic | Stream]) -> Iterable[str]:
    margin = " " * _INDENT
    if not entries:
        return
    yield f"{margin}{name} = {{"
    for entry in entries:
        key = entry.name if isinstance(entry, Topic) else entry.key
        declared = entry.declared
        place = "None" if declared is None else quoted(f"{declared.module}:{declared.path}")
        yield f"{margin}    {'None' if key is None else quoted(key)}: {place},"
    yield f"{margin}}}"
