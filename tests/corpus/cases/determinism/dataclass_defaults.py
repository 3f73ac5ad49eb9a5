import time
import uuid
from dataclasses import dataclass, field

from dbos_typed import DBOS


@dataclass
class Ticket:
    title: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: float = field(default_factory=time.time)


@dataclass
class Note:
    title: str
    tags: list[str] = field(default_factory=list[str])


@DBOS.step()
def new_ticket(title: str) -> Ticket:
    return Ticket(title)


@DBOS.workflow()
def file_ticket(title: str) -> Ticket:
    note = Note(title)
    print(note.tags)
    ticket = new_ticket(title)
    return Ticket(title, id=ticket.id, created=ticket.created)
