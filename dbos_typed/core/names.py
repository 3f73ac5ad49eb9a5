"""Checking the names that users give: ids, topics, keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

MAX_BYTES = 1024
"""In UTF-8. PostgreSQL indexes at most 2704 bytes: two names side by side, one of them a child's with its number."""
SHOWN = 40
"""Characters of a bad name in its error."""

SCHEDULED = "sched-"
"""Begins the ids of scheduled workflows: `sched-{workflow}-{time due}`."""
KAFKA = "kafka-unique-id-"
"""Begins the ids of workflows for Kafka messages."""
HTTP = "http-"
"""Begins the ids that are made of idempotency keys of HTTP requests."""
RESERVED = (SCHEDULED, KAFKA, HTTP)


def check_name(given: object, what: str) -> str:
    """The name, if every database can store and index it. ValueError or TypeError: says what is wrong with it."""
    if not isinstance(given, str):
        msg = f"{what} is {given!r} of type {type(given).__name__}; it must be a str."
        raise TypeError(msg)
    if not given:
        msg = f"{what} is empty; give it at least one character."
        raise ValueError(msg)
    if "\0" in given or any("\ud800" <= character <= "\udfff" for character in given):
        shown = given if len(given) <= SHOWN else f"{given[:SHOWN]}…"
        msg = f"{what} is {shown!r}; NUL and lone surrogates cannot be stored. Remove them."
        raise ValueError(msg)
    # A character takes four bytes at most: short names, nearly all, need not be encoded to know.
    if len(given) * 4 > MAX_BYTES and (size := len(given.encode())) > MAX_BYTES:
        msg = f"{what} has {size} bytes; at most {MAX_BYTES} can be stored. It begins {given[:SHOWN]!r}. Shorten it."
        raise ValueError(msg)
    return given


def check_id(workflow_id: object) -> str:
    """The id of a workflow, checked like every name."""
    return check_name(workflow_id, "the workflow id")


def check_new_id(workflow_id: object, own_id: str | None = None) -> str:
    """The id of a workflow that does not exist yet, given from outside the engine.

    Ids that begin as the engine's own do are refused, lest somebody holds the place of a schedule's next run or of
    another user's request; within the workflow `own_id`, ids that begin with its own are not. ValueError or TypeError:
    says what is wrong.
    """
    checked = check_id(workflow_id)
    if checked.startswith(RESERVED) and (own_id is None or not checked.startswith(f"{own_id}-")):
        shown = checked if len(checked) <= SHOWN else f"{checked[:SHOWN]}…"
        beginnings = ", ".join(map(repr, RESERVED))
        msg = (
            f"the workflow id is {shown!r}; ids that begin with {beginnings} are given by the engine alone. Begin it "
            "otherwise; to find an existing workflow, use DBOS.retrieve_workflow."
        )
        raise ValueError(msg)
    return checked


def check_names(given: object, what: str) -> list[str]:
    """Several names. ValueError or TypeError: says what is wrong; a text alone is taken for a mistake."""
    if isinstance(given, str):
        msg = f"{what} are given as the text {given!r}; give a list: [{given!r}]."
        raise TypeError(msg)
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        msg = f"{what} are given as {given!r}; give a list of texts."
        raise TypeError(msg)
    return [check_name(each, f"one of {what}") for each in cast("Iterable[object]", given)]
