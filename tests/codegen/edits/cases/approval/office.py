"""The people and machines of the office."""

from typing import Any

import wire
from dbos_typed import DBOS

from approval import documents
from approval.documents import Document, Opinion, RejectedError, UnreadableError

PASSING = 3
LONG = 10
RETRIES = {"scan": 1}


@DBOS.step()
def scan(document_id: str) -> int:
    try:
        wire.post(f"/scanner/{document_id}")
    except wire.Refused as refusal:
        raise UnreadableError(str(refusal)) from refusal
    return 300


@DBOS.step()
def ask(document_id: str, reviewer: str) -> Opinion:
    answer = wire.post(f"/people/{document_id}/{reviewer}")
    if answer == "no":
        raise RejectedError(reviewer)
    return Opinion(reviewer, 5 if answer is None else int(answer))


@DBOS.step()
def archive(document_id: str) -> Any:
    wire.post(f"/archive/{document_id}")
    return documents.Filing("north")


@DBOS.step()
def shred(document_id: str) -> None:
    wire.post(f"/shredder/{document_id}")


@DBOS.step()
def stamp(document_id: str, word: str) -> None:
    wire.post(f"/stamps/{document_id}/{word}")


def passes(opinion: Opinion) -> bool:
    """Whether an opinion is good enough."""
    return opinion.score >= PASSING


def is_long(document: Document) -> bool:
    """Whether it is read in parts."""
    return document.pages > LONG
