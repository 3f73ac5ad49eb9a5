"""What the rules know of classes outside the program is what the runtime says of them."""

from __future__ import annotations

import importlib
from types import new_class

import pytest

from dbos_gen.rules.storable import outside
from dbos_gen.rules.storable.names import public
from dbos_typed.codec import Codec
from dbos_typed.error import DBOSSerializationError

_MISSING = object()
# Classes written in C name a module that nobody imports them from.
_WITHOUT_SOURCE = {"builtins", "posix", "cimpl"}


def imported(name: str) -> object:
    """The thing of a dotted name, `_MISSING` where its package is not installed."""
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            thing = getattr(thing, part, _MISSING)
        return thing
    return _MISSING


def verdict(annotation: object) -> str | None:
    try:
        Codec().plan(annotation, where="a test")
    except DBOSSerializationError as error:
        return str(error).partition(" cannot be stored: ")[2]
    return None


REFUSED = sorted({*outside.BY_NAME, *outside.MARKED})
INSTALLED = [name for name in REFUSED if imported(name) is not _MISSING]


@pytest.mark.parametrize("name", INSTALLED)
def test_advice_for_a_refused_class_is_the_runtimes(name: str) -> None:
    assert verdict(imported(name)) == outside.advice_for(name)


@pytest.mark.parametrize("name", INSTALLED)
def test_plain_subclass_of_a_refused_class_is_refused(name: str) -> None:
    base = imported(name)
    if not isinstance(base, type) or not outside.is_known_base(name):
        return
    try:
        derived = new_class("Derived", (base,), exec_body=lambda body: body.update(__module__="shop"))
    except TypeError:
        return  # final classes, and metaclasses, have no plain subclasses
    expected = outside.BY_NAME.get(name) or outside.advice_for(name)
    assert verdict(derived) == expected


@pytest.mark.parametrize("name", sorted(outside.STORED))
def test_stored_class_is_accepted(name: str) -> None:
    thing = {"builtins.None": None}.get(name, imported(name))
    assert thing is not _MISSING or name.startswith("pydantic.")
    assert verdict(thing) is None or name == "typing.Literal"


@pytest.mark.parametrize("name", sorted(outside.CONTAINERS))
def test_container_is_accepted(name: str) -> None:
    thing = imported(name)
    assert thing is _MISSING or verdict(thing) is None


@pytest.mark.parametrize("name", INSTALLED)
def test_place_of_definition_leads_to_the_public_name(name: str) -> None:
    thing = imported(name)
    if isinstance(thing, type) and thing.__module__ not in _WITHOUT_SOURCE and not thing.__module__.startswith("_"):
        defined = f"{thing.__module__}.{thing.__qualname__}"
        assert outside.advice_for(public(defined)) == outside.advice_for(name)


def test_most_of_the_table_was_checked() -> None:
    assert len(INSTALLED) > 200
