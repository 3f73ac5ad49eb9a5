from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypedDict

from sqlalchemy import text

from dbos_typed import DBOS, DBOSConfiguredInstance, Queue, Topic

Level = Literal["low", "high"]
escalations = Queue("escalations", priority_enabled=True)


class HelpTicket(TypedDict):
    id: str
    text: str
    level: Level


HELP_REPLY = Topic[str]("reply")


@DBOS.dbos_class()
class HelpDesk(DBOSConfiguredInstance):
    def __init__(self, name: str, patience: timedelta) -> None:
        super().__init__(name)
        self.patience = patience

    def seconds(self, level: Level) -> float:
        return self.patience.total_seconds() / (2 if level == "high" else 1)

    @DBOS.transaction()
    def save(self, ticket: HelpTicket) -> None:
        DBOS.sql_session.execute(text("INSERT INTO tickets VALUES (:id, :text, :level)"), ticket)

    @DBOS.step()
    def answer(self, ticket: HelpTicket, reply: str) -> str:
        return f"{ticket['id']}: {reply}"

    @DBOS.workflow()
    def handle_ticket(self, ticket: HelpTicket) -> str:
        self.save(ticket)
        DBOS.set_event("state", "open")
        reply = DBOS.recv(HELP_REPLY, timeout_seconds=self.seconds(ticket["level"]))
        if reply is None:
            escalations.enqueue(escalate_ticket, ticket["id"])
            DBOS.set_event("state", "escalated")
            return "escalated"
        DBOS.set_event("state", "closed")
        return self.answer(ticket, reply)


@DBOS.workflow()
def escalate_ticket(ticket_id: str) -> None:
    DBOS.logger.warning("ticket %s", ticket_id)
