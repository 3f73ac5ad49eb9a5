"""Documents on their way through the office."""

from dbos_typed import DBOS, SetWorkflowID

from approval import office
from approval.documents import Document, Opinion, RejectedError, ReviewError, UnreadableError


class Desk:
    """How a document is closed; offices have their own."""

    def accept(self, document: Document) -> None:
        office.stamp(document.document_id, "accepted")

    def refuse(self, document: Document) -> None:
        office.stamp(document.document_id, "refused")


class SecretDesk(Desk):
    """Leaves no traces."""

    def refuse(self, document: Document) -> None:
        office.shred(document.document_id)


def desk_for(document: Document) -> Desk:
    """The desk that closes a document."""
    return SecretDesk() if document.is_secret else Desk()


def prepared(document: Document) -> bool:
    """Scan until it can be read."""
    for _ in range(office.RETRIES["scan"] + 1):
        try:
            office.scan(document.document_id)
        except UnreadableError:
            continue
        return True
    return False


@DBOS.workflow()
def review(document_id: str, reviewer: str) -> Opinion:
    opinion = office.ask(document_id, reviewer)
    if not office.passes(opinion):
        office.stamp(document_id, f"weak-{reviewer}")
    return opinion


@DBOS.workflow()
def review_part(document_id: str, part: int) -> int:
    office.stamp(document_id, f"part-{part}")
    return part


def opinions(document: Document) -> list[Opinion]:
    """Ask everybody, each in a workflow of its own."""
    handles = [DBOS.start_workflow(review, document.document_id, name) for name in document.reviewers]
    return [handle.get_result() for handle in handles]


@DBOS.workflow()
def approve(document: Document) -> str:
    if not prepared(document):
        return "unreadable"
    if office.is_long(document):
        with SetWorkflowID(f"part-{document.document_id}"):
            review_part(document.document_id, 1)
    desk = desk_for(document)
    try:
        found = opinions(document)
    except RejectedError:
        desk.refuse(document)
        return "rejected"
    finally:
        office.archive(document.document_id)
    if DBOS.patch("second-stamp"):
        office.stamp(document.document_id, "second")
    desk.accept(document)
    return f"approved by {len(found)}"


__all__ = ["Document", "ReviewError", "approve", "review", "review_part"]
