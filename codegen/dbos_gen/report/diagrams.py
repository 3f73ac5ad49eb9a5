"""Workflows and what they use as a picture: Mermaid or DOT."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from dbos_gen.vocabulary.contracts import Call, CallKind, Contracts, Skeleton, bodies

_SHAPES = {  # Mermaid brackets and DOT shape by kind of node
    "workflow": ("([", "])", "box, style=rounded"),
    "step": ("[", "]", "box"),
    "transaction": ("[(", ")]", "cylinder"),
    "event": ("{{", "}}", "hexagon"),
    "topic": (">", "]", "cds"),
    "stream": ("[/", "/]", "parallelogram"),
}


@dataclass(frozen=True, slots=True, order=True)
class _Thing:
    kind: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class _Edge:
    source: _Thing
    target: _Thing
    label: str


def mermaid(contracts: Contracts) -> str:
    """Return a Mermaid flowchart."""
    things, edges = _drawn(contracts)
    numbers = {thing: f"n{index}" for index, thing in enumerate(things)}
    lines = ["flowchart LR"]
    for thing, number in numbers.items():
        opened, closed, _ = _SHAPES[thing.kind]
        lines.append(f'    {number}{opened}"{_mermaid_text(thing.name)}"{closed}')
    lines.extend(f"    {numbers[edge.source]} -->|{edge.label}| {numbers[edge.target]}" for edge in edges)
    return "\n".join(lines) + "\n"


def dot(contracts: Contracts) -> str:
    """Return a graph for Graphviz."""
    things, edges = _drawn(contracts)
    numbers = {thing: f"n{index}" for index, thing in enumerate(things)}
    lines = ["digraph workflows {", "    rankdir=LR;"]
    lines.extend(
        f"    {number} [label={json.dumps(thing.name, ensure_ascii=False)}, shape={_SHAPES[thing.kind][2]}];"
        for thing, number in numbers.items()
    )
    lines.extend(f'    {numbers[edge.source]} -> {numbers[edge.target]} [label="{edge.label}"];' for edge in edges)
    return "\n".join([*lines, "}"]) + "\n"


def _mermaid_text(name: str) -> str:
    return name.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


def _drawn(contracts: Contracts) -> tuple[list[_Thing], list[_Edge]]:
    edges: dict[_Edge, None] = {}
    things: dict[_Thing, None] = {}
    for name in sorted(contracts.workflows):
        contract = contracts.workflows[name]
        workflow = _Thing("workflow", name)
        things[workflow] = None
        for call in _calls(contract.calls):
            if call.kind is CallKind.OPERATION:
                continue
            kind = "workflow" if call.kind in (CallKind.WORKFLOW, CallKind.START) else call.kind.value
            label = "starts" if call.kind is CallKind.START else "calls"
            edges[_Edge(workflow, _Thing(kind, call.name), label)] = None
        edges.update((_Edge(workflow, _Thing("event", key), "sets"), None) for key in contract.events)
        edges.update((_Edge(workflow, _Thing("topic", key or "(none)"), "receives"), None) for key in contract.topics)
        edges.update((_Edge(workflow, _Thing("stream", key), "writes"), None) for key in contract.streams)
    things.update((edge.target, None) for edge in edges)
    return sorted(things), sorted(edges)


def _calls(skeleton: Skeleton) -> Iterator[Call]:
    for node in skeleton:
        if isinstance(node, Call):
            yield node
        for held in bodies(node):
            yield from _calls(held)
