from __future__ import annotations

from collections.abc import Iterable

from crm_clean.domain import Call, Contact, Mail, Person, Stage
from crm_clean.services import Crm
from dbos_typed import DBOS, Event, Queue

STAGE = Event[Stage]("stage")
contacts = Queue("contacts", limiter={"limit": 10, "period": 1.0})


@DBOS.step(retries_allowed=True)
def push(person: Person) -> str:
    return Crm().push(person.name)


@DBOS.step()
def write(contact: Contact, text: str) -> bool:
    match contact:
        case Mail(address=address):
            return bool(address) and bool(text)
        case Call():
            return False


def best(contacts: Iterable[Contact]) -> Contact | None:
    return next((contact for contact in contacts if contact.kind == "mail"), None)


@DBOS.workflow()
def reach(contact: Contact, text: str) -> bool:
    return write(contact, text)


@DBOS.workflow()
def convert(person: Person, *, campaigns: tuple[str, ...] = ()) -> Person:
    DBOS.set_event(STAGE, person.stage)
    identity = push(person)
    contact = best(person.contacts)
    if contact is None:
        return person
    handles = [contacts.enqueue(reach, contact, f"{campaign} {identity}") for campaign in campaigns]
    if any(handle.get_result() for handle in handles):
        person = person.promoted()
        DBOS.set_event(STAGE, person.stage)
    return person
