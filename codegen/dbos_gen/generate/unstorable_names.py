"""Names that no database and no file can hold: the running program refuses them, and so does the generator."""

from __future__ import annotations

from collections.abc import Iterator

from dbos_gen.vocabulary.contracts import Call, CallKind, Deprecated, Patch, Skeleton, bodies
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.model import Module, Workflow

_LONGEST = 40
"""Characters of a name in a message."""


def is_storable(name: str) -> bool:
    """Whether a name is without NUL and lone surrogates."""
    return "\0" not in name and not any("\ud800" <= character <= "\udfff" for character in name)


def check_storable(module: Module, diagnostics: Diagnostics) -> None:
    """Report the names of a module's workflows, and of what they call and say, that cannot be stored."""
    contracts = {contract.qualname: contract for contract in module.contracts}
    for workflow in module.workflows:
        contract = contracts.get(workflow.qualname)
        calls = () if contract is None else contract.calls
        for what, name in (*_own_names(workflow), *_names_in(calls)):
            if not is_storable(name):
                shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
                text = (
                    f"{what} of workflow `{workflow.qualname}` is {shown!r}; NUL and lone surrogates cannot be stored"
                )
                diagnostics.add(Code.DG026, module.path, workflow.line, text, "remove them from the name")


def _kind(kind: CallKind) -> str:
    return "workflow" if kind is CallKind.START else kind.value


def _own_names(workflow: Workflow) -> Iterator[tuple[str, str]]:
    yield "the registered name", workflow.name
    if workflow.class_name is not None:
        yield "the registered name of the class", workflow.class_name
    yield from (("the key of an event", event.key) for event in workflow.events)
    yield from (("a topic", topic.name) for topic in workflow.topics if topic.name is not None)
    yield from (("the key of a stream", stream.key) for stream in workflow.streams)


def _names_in(skeleton: Skeleton) -> Iterator[tuple[str, str]]:
    for node in skeleton:
        match node:
            case Call(kind=kind, name=name, about=about):
                yield f"the name of a {_kind(kind)}", name
                yield "a key or topic", about
            case Patch(name=name) | Deprecated(name=name):
                yield "the name of a patch", name
            case _:
                pass
        for held in bodies(node):
            yield from _names_in(held)
