"""Identifiers and string literals of the generated module."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowNames:
    """Names that one workflow takes in its generated module.

    ``attribute`` is the reference itself, in the namespace class ``namespace`` (dotted, empty for the module).
    """

    attribute: str
    namespace: str
    handle: str
    ref: str
    client: str


def names_of(qualname: str) -> WorkflowNames:
    """Return the names for a workflow's qualified name, for example ``Shop.restock``."""
    namespace, _, attribute = qualname.rpartition(".")
    stem = "".join(pascal(part) for part in qualname.split("."))
    # A private function keeps its underscore, so that it does not collide with a public one of the same name; two
    # leading underscores would be mangled in a class body.
    bare = stem.lstrip("_") + "_" * stem.startswith("_")
    return WorkflowNames(
        attribute=attribute, namespace=namespace, handle=f"{stem}Handle", ref=f"_{bare}Ref", client=f"_{bare}Client"
    )


def pascal(identifier: str) -> str:
    """Return ``ship_order`` as ``ShipOrder`` and ``_ship`` as ``_Ship``; existing capitals stay."""
    words = [word for word in identifier.split("_") if word]
    return "_" * identifier.startswith("_") + ("".join(word[0].upper() + word[1:] for word in words) or "Workflow")


def free(wanted: str, taken: Iterable[str]) -> str:
    """Return ``wanted``, or the first of ``wanted_2``, ``wanted_3``, … that is not taken."""
    used = set(taken)
    candidate, number = wanted, 1
    while candidate in used:
        number += 1
        candidate = f"{wanted}_{number}"
    return candidate


def alias(name: str) -> str:
    """Return the private alias under which a foreign name is imported."""
    return "_" + (re.sub(r"\W", "_", name).lstrip("_") or "name")


def quoted(text: str) -> str:
    """Return a string literal with the quotes a formatter prefers."""
    single = repr(text)
    if single.startswith("'") and '"' not in text:
        return f'"{single[1:-1]}"'
    return single
