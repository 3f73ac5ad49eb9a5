"""Reminders by several channels, with escalation."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Literal, TypeAlias, assert_never

import requests

from dbos_typed import DBOS, SetWorkflowID, SetWorkflowTimeout, Topic

Channel: TypeAlias = Literal["mail", "sms", "call"]


@dataclass(frozen=True)
class Person:
    name: str
    address: str
    channels: tuple[Channel, ...] = ("mail", "sms")


@dataclass(frozen=True)
class Acknowledged:
    by: str


ACKNOWLEDGED = Topic[Acknowledged]("acknowledged")


def compose(person: Person, text: str) -> str:
    return f"Dear {person.name},\n\n{text}"


@DBOS.step(retries_allowed=True, interval_seconds=5)
def mail(person: Person, text: str) -> None:
    message = EmailMessage()
    message["To"] = person.address
    message.set_content(compose(person, text))
    with smtplib.SMTP("localhost") as smtp:
        smtp.send_message(message)


@DBOS.step(retries_allowed=True)
def sms(person: Person, text: str) -> None:
    requests.post("https://sms", json={"to": person.address, "text": text}, timeout=5).raise_for_status()


@DBOS.workflow()
def deliver(channel: Channel, person: Person, text: str) -> None:
    if channel == "mail":
        mail(person, text)
    elif channel == "sms":
        sms(person, text)
    elif channel == "call":
        DBOS.logger.warning("nobody calls %s", person.name)
    else:
        assert_never(channel)


@DBOS.workflow()
def remind(people: list[Person], text: str, patience: timedelta) -> str | None:
    for person in people:
        for channel in person.channels:
            deliver(channel, person, text)
            answer = DBOS.recv(ACKNOWLEDGED, timeout_seconds=patience.total_seconds())
            if answer is not None:
                return answer.by
            DBOS.set_event("waiting-for", person.name)
    return None


def start(people: list[Person], incident: str) -> str:
    with SetWorkflowID(f"incident-{incident}"), SetWorkflowTimeout(3600):
        handle = DBOS.start_workflow(remind, people, incident, timedelta(minutes=5))
    return handle.workflow_id


def acknowledge(incident: str, by: str) -> str:
    DBOS.send(f"incident-{incident}", Acknowledged(by), ACKNOWLEDGED)
    result = DBOS.retrieve_workflow(f"incident-{incident}", workflow=remind).get_result()
    return result or "nobody"
