"""The lock file: contracts as text that people review in a diff and programs read back exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from dbos_gen.vocabulary.contracts import (
    Attempt,
    Block,
    Call,
    CallKind,
    Choice,
    Contract,
    Contracts,
    Deprecated,
    Exit,
    Leave,
    Loop,
    Node,
    Opaque,
    Parameter,
    Patch,
    Shape,
    ShapeKind,
    Skeleton,
)

FILE_NAME = "workflows.lock.json"
VERSION = 1
_START = '{\n  "lock": '
_WIDTH = 110

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"


class LockError(Exception):
    """A lock file that cannot be used; the message says why and what to do."""


def to_text(contracts: Contracts) -> str:
    """Return the lock file: sorted, with short entries on one line each."""
    return compose(
        {name: contract_part(found) for name, found in contracts.workflows.items()},
        {name: shape_part(found) for name, found in contracts.shapes.items()},
    )


def contract_part(contract: Contract) -> str:
    """Return the text of one contract as it stands in the lock file."""
    return _laid_out(contract_json(contract), 4)


def shape_part(shape: Shape) -> str:
    """Return the text of one shape as it stands in the lock file."""
    return _laid_out(shape_json(shape), 4)


def compose(workflows: Mapping[str, str], shapes: Mapping[str, str]) -> str:
    """Return the lock file made of its parts by name."""
    return f'{_START}{VERSION},\n  "workflows": {_section(workflows)},\n  "types": {_section(shapes)}\n}}\n'


def is_lock(text: str) -> bool:
    """Whether a text is a lock file, of whatever version."""
    return text.startswith(_START)


def _section(parts: Mapping[str, str]) -> str:
    if not parts:
        return "{}"
    lines = [f"    {json.dumps(name, ensure_ascii=False)}: {parts[name]}" for name in sorted(parts)]
    return "{\n" + ",\n".join(lines) + "\n  }"


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError as error:
        msg = "it is nested too deeply"
        raise ValueError(msg) from error


def from_text(text: str, where: str) -> Contracts:
    """Read what ``to_text`` wrote; raises LockError naming ``where`` it came from."""
    try:
        document = cast("Mapping[str, Json]", _loaded(text))
        version = document["lock"]
        if version != VERSION:
            msg = f"{where} has format {version!r} and this dbos-gen reads {VERSION}; generate it with this version"
            raise LockError(msg)
        workflows = cast("Mapping[str, Mapping[str, Json]]", document["workflows"])
        shapes = cast("Mapping[str, Mapping[str, Json]]", document["types"])
        return Contracts(
            workflows={name: contract_of(name, found) for name, found in workflows.items()},
            shapes={name: shape_of(found) for name, found in shapes.items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{where} is not a lock file of dbos-gen ({type(error).__name__}: {error}); generate it again"
        raise LockError(msg) from error


def contract_json(contract: Contract) -> Mapping[str, Json]:
    """Return one contract as JSON values, without its name."""
    document: dict[str, Json] = {
        "function": f"{contract.module}:{contract.qualname}",
        "kind": contract.receiver,
        "class": contract.class_name,
        "async": contract.is_async,
        "signatures": [
            {"parameters": [_parameter_json(parameter) for parameter in parameters], "result": result}
            for parameters, result in contract.signatures
        ],
        "events": dict(sorted(contract.events.items())),
        "topics": dict(sorted(contract.topics.items())),
        "streams": dict(sorted(contract.streams.items())),
        "calls": skeleton_json(contract.calls),
    }
    return {**document, "classes": contract.classes} if contract.classes else document


def contract_of(name: str, document: Mapping[str, Json]) -> Contract:
    """Return the contract that ``contract_json`` wrote."""
    module, _, qualname = str(document["function"]).partition(":")
    signatures = cast("Sequence[Mapping[str, Json]]", document["signatures"])
    return Contract(
        name=name,
        module=module,
        qualname=qualname,
        receiver=str(document["kind"]),
        class_name=cast("str | None", document["class"]),
        is_async=bool(document["async"]),
        signatures=tuple(
            (
                tuple(_parameter_of(found) for found in cast("Sequence[Mapping[str, Json]]", signature["parameters"])),
                str(signature["result"]),
            )
            for signature in signatures
        ),
        events=cast("Mapping[str, str]", document["events"]),
        topics=cast("Mapping[str, str]", document["topics"]),
        streams=cast("Mapping[str, str]", document["streams"]),
        calls=skeleton_of(cast("Sequence[Mapping[str, Json]]", document["calls"])),
        classes=tuple(cast("Sequence[str]", document.get("classes", ()))),
    )


def shape_json(shape: Shape) -> Mapping[str, Json]:
    """Return a shape as JSON values; a field with a default ends in `` = ...``."""
    entries = {name: f"{value} = ..." if name in shape.optional else value for name, value in shape.entries.items()}
    return {shape.kind.value: entries}


def shape_of(document: Mapping[str, Json]) -> Shape:
    """Return the shape that ``shape_json`` wrote."""
    ((kind, found),) = document.items()
    written = cast("Mapping[str, str]", found)
    return Shape(
        kind=ShapeKind(kind),
        entries={name: value.removesuffix(" = ...") for name, value in written.items()},
        optional=frozenset(name for name, value in written.items() if value.endswith(" = ...")),
    )


def skeleton_json(skeleton: Skeleton) -> list[Json]:
    """Return the calls of a workflow as JSON values, one object for each node."""
    return [_node_json(node) for node in skeleton]


def _node_json(node: Node) -> Mapping[str, Json]:
    match node:
        case Call(kind=kind, name=name, result=result, about=about):
            return {kind.value: name, **({"about": about} if about else {}), **({"result": result} if result else {})}
        case Choice(keyword=keyword, on=on, given=given, arms=arms):
            written: list[Json] = [{"when": label, "do": skeleton_json(body)} for label, body in arms]
            return {keyword: on, **({"given": list(given)} if given else {}), "arms": written}
        case Loop(keyword=keyword, on=on, given=given, body=body):
            return {keyword: on, **({"given": list(given)} if given else {}), "do": skeleton_json(body)}
        case Attempt(body=body, handlers=handlers, finally_=finally_):
            return {
                "try": skeleton_json(body),
                "except": [{"on": label, "do": skeleton_json(inner)} for label, inner in handlers],
                "finally": skeleton_json(finally_),
            }
        case _:
            return _other_json(node)


def _other_json(node: Patch | Deprecated | Block | Leave | Opaque) -> Mapping[str, Json]:
    match node:
        case Patch(name=name, then=then, orelse=orelse):
            return {"patch": name, "then": skeleton_json(then), "else": skeleton_json(orelse)}
        case Deprecated(name=name):
            return {"deprecated patch": name}
        case Block(body=body):
            return {"block": skeleton_json(body)}
        case Leave(exit=exit_):
            return {"leave": exit_.value}
        case Opaque(text=text):
            return {"unknown": text}


_CALLS = {kind.value: kind for kind in CallKind}
LOOPS = ("for", "while", "comprehension")
CHOICES = ("if", "match", "and", "or", "call")


def skeleton_of(documents: Sequence[Mapping[str, Json]]) -> Skeleton:
    """Return the calls that ``skeleton_json`` wrote."""
    return tuple(_node_of(document) for document in documents)


def _inner(document: Mapping[str, Json], key: str) -> Skeleton:
    return skeleton_of(cast("Sequence[Mapping[str, Json]]", document[key]))


def _node_of(document: Mapping[str, Json]) -> Node:
    head = next(iter(document))
    value = document[head]
    given = tuple(cast("Sequence[str]", document.get("given", ())))
    if head in _CALLS:
        result, about = str(document.get("result", "")), str(document.get("about", ""))
        return Call(kind=_CALLS[head], name=str(value), result=result, about=about)
    if head in LOOPS:
        return Loop(keyword=head, on=str(value), given=given, body=_inner(document, "do"))
    if head in CHOICES:
        arms = cast("Sequence[Mapping[str, Json]]", document["arms"])
        return Choice(
            keyword=head,
            on=str(value),
            given=given,
            arms=tuple((str(arm["when"]), _inner(arm, "do")) for arm in arms),
        )
    return _other_of(head, document)


def _other_of(head: str, document: Mapping[str, Json]) -> Node:
    value = document[head]
    match head:
        case "try":
            handlers = cast("Sequence[Mapping[str, Json]]", document["except"])
            return Attempt(
                body=_inner(document, "try"),
                handlers=tuple((str(handler["on"]), _inner(handler, "do")) for handler in handlers),
                finally_=_inner(document, "finally"),
            )
        case "patch":
            return Patch(name=str(value), then=_inner(document, "then"), orelse=_inner(document, "else"))
        case "deprecated patch":
            return Deprecated(name=str(value))
        case "block":
            return Block(body=_inner(document, "block"))
        case "leave":
            return Leave(exit=Exit(value))
        case "unknown":
            return Opaque(text=str(value))
        case _:
            raise ValueError(head)


def _parameter_json(parameter: Parameter) -> Mapping[str, Json]:
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "type": parameter.type,
        **({"default": True} if parameter.has_default else {}),
    }


def _parameter_of(document: Mapping[str, Json]) -> Parameter:
    return Parameter(
        name=str(document["name"]),
        kind=str(document["kind"]),
        type=str(document["type"]),
        has_default=bool(document.get("default", False)),
    )


def _laid_out(value: Json, indent: int) -> str:
    """Return JSON with what fits on a line on one line, and the rest one entry a line."""
    is_deep = _is_deep(value)
    flat = "" if is_deep else json.dumps(value, ensure_ascii=False)
    if not is_deep and len(flat) + indent <= _WIDTH:
        return flat
    margin = " " * (indent + 2)
    if isinstance(value, Mapping) and value:
        lines = [f"{margin}{json.dumps(key, ensure_ascii=False)}: {_laid_out(inner, indent + 2)}"
                 for key, inner in value.items()]  # fmt: skip
        return "{\n" + ",\n".join(lines) + f"\n{' ' * indent}}}"
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return "[\n" + ",\n".join(f"{margin}{_laid_out(inner, indent + 2)}" for inner in value) + f"\n{' ' * indent}]"
    return flat


def _is_deep(value: Json) -> bool:
    """Whether a value holds containers that are not empty, which read better on lines of their own."""
    if isinstance(value, str) or not isinstance(value, Mapping | Sequence):
        return False
    inner = value.values() if isinstance(value, Mapping) else value
    return any(isinstance(item, Mapping | Sequence) and not isinstance(item, str) and item for item in inner)
