from __future__ import annotations

import sys
import time
from datetime import timedelta

from dbos_typed import DBOS, SetEnqueueOptions
from gen_helpdesk_clean.flows import HelpDesk as Desk
from gen_helpdesk_clean.flows import HelpTicket, escalations
from generated.gen_helpdesk_clean.flows import HelpDesk, escalate_ticket


def main() -> int:
    desk = Desk("first", timedelta(hours=2))
    DBOS(config={"name": "helpdesk"})
    DBOS.launch()
    ticket: HelpTicket = {"id": sys.argv[1], "text": "it broke", "level": "high"}
    handle = HelpDesk.handle_ticket.start(desk, ticket)
    while handle.get_status().status == "PENDING":
        state = handle.get_event("state", timeout_seconds=1)
        print(f"{state or 'unknown'} at {time.strftime('%H:%M')}")
        time.sleep(1)
    print(handle.get_result().upper())
    with SetEnqueueOptions(priority=1):
        escalate_ticket.enqueue(escalations, ticket["id"])
    for status in HelpDesk.handle_ticket.list(status="SUCCESS"):
        print(status.output.upper() if status.output else status.workflow_id)
    return 0


def reply(workflow_id: str, text: str) -> None:
    HelpDesk.handle_ticket.retrieve(workflow_id).send(text, topic="reply")


if __name__ == "__main__":
    sys.exit(main())
