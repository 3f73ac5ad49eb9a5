from __future__ import annotations

import random
import smtplib
from dataclasses import dataclass

from flask import Flask

from dbos_typed import DBOS, SetWorkflowID, Topic

app = Flask(__name__)


@dataclass(frozen=True)
class Ack:
    by: str


class Mailer:
    def __init__(self, host: str) -> None:
        self.host = host

    def send(self, to: str, text: str) -> None:
        with smtplib.SMTP(self.host) as smtp:
            smtp.sendmail("me", to, text)

    def render(self, name: str) -> str:
        return f"Hello {name} from {self.host}"


ACK = Topic[Ack]("ack")
MAILER = Mailer("localhost")


@DBOS.step()
def mail(to: str, text: str) -> None:
    MAILER.send(to, text)


@DBOS.workflow()
def remind(names: list[str], mailer: Mailer) -> str:  # E: dbos-serializable
    return mailer.render(names[0])


@DBOS.workflow()
def notify(names: set[str], urgent: bool = False) -> str:
    for name in names:  # E: dbos-deterministic
        mail(name, MAILER.render(name))
    if urgent:
        MAILER.send("boss", "urgent")  # E: dbos-deterministic
    while True:
        ack = DBOS.recv(ACK, timeout_seconds=60)
        if ack:
            return ack.by
        DBOS.sleep(random.random())  # E: dbos-deterministic


@app.post("/notify/<name>")
def start(name: str) -> str:
    with SetWorkflowID(name):
        handle = DBOS.start_workflow(notify, {name}, urgent=True)
    DBOS.start_workflow(notify, name)  # E: type
    DBOS.start_workflow(mail, name, "text")  # E: dbos-workflow
    DBOS.sleep(1)  # E: dbos-context
    return handle.workflow_id


@app.post("/ack/<workflow_id>")
def acknowledge(workflow_id: str) -> str:
    DBOS.send(workflow_id, Ack("me"), ACK)
    DBOS.send(workflow_id, "me", ACK)  # E: type
    status = DBOS.retrieve_workflow(workflow_id, workflow=notify).get_status()
    return status.output  # E: type
