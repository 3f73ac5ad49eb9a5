from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import Literal

from sqlalchemy import text

from dbos_typed import DBOS, DBOSConfiguredInstance, Event, Queue, Topic
from loans_broken import scoring
from loans_broken.scoring import Applicant, base_rate, score

Decision = Literal["granted", "refused", "pending"]
DECISION = Event[Decision]("decision")
DOCUMENTS = Topic[list[str]]("documents")
payouts = Queue("payouts", limiter={"limit": 5, "period": 60})
log = logging.getLogger(__name__)


@DBOS.transaction()
def record(applicant: Applicant, decision: Decision) -> int:
    DBOS.set_event(DECISION, decision)  # E: dbos-context
    DBOS.sql_session.execute(text("INSERT INTO loans VALUES (:n, :d)"), {"n": applicant.name, "d": decision})
    return 1


@DBOS.step()
def bureau(applicant: Applicant) -> float:
    log.info("asking about %s", applicant.name)
    return score(applicant, 1.0) + scoring.noise()


@DBOS.step()
def today() -> datetime.date:
    return datetime.date.today()


@DBOS.workflow()
def pay_out(applicant: Applicant, cents: int) -> str:
    return f"{applicant.name}: {cents}"


@DBOS.dbos_class()
class Desk(DBOSConfiguredInstance):
    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name)
        self.limit = limit

    def decide(self, value: float) -> Decision:
        return "granted" if value > self.limit else "refused"

    @DBOS.workflow()
    def apply(self, applicant: Applicant, cents: int) -> Decision:
        DBOS.set_event(DECISION, "pending")
        DBOS.set_event(DECISION, "waiting")  # E: type
        documents = DBOS.recv(DOCUMENTS, timeout_seconds=86_400)
        if len(documents) == 0:  # E: type
            return "refused"
        if scoring.age(applicant) < 18:  # E: dbos-deterministic
            return "refused"
        value = bureau(applicant) + base_rate(today().year)
        value += scoring.noise()  # E: dbos-deterministic
        decision = self.decide(value)
        record(applicant, decision)
        if decision == "accepted":  # E: type
            payouts.enqueue(pay_out, applicant, cents)
        payouts.enqueue(pay_out, applicant)  # E: type
        return decision

    @DBOS.workflow()
    def appeal(self, applicant: Applicant, review: Callable[[float], Decision]) -> Decision:  # E: dbos-serializable
        return review(bureau(applicant))

    @DBOS.step()
    def hurry(self, applicant: Applicant) -> str:
        return DBOS.start_workflow(self.apply, applicant, 1).workflow_id  # E: dbos-context


desk = Desk("first", 100)


def submit(applicant: Applicant) -> str:
    handle = DBOS.start_workflow(desk.apply, applicant, 100_000)
    DBOS.start_workflow(desk.apply, applicant, "100_000")  # E: type
    DBOS.start_workflow(desk.decide, 3.0)  # E: dbos-workflow
    DBOS.send(handle.workflow_id, ["passport"], DOCUMENTS)
    DBOS.send(handle.workflow_id, "passport", DOCUMENTS)  # E: type
    decision: str = handle.get_result()
    cents: int = handle.get_result()  # E: type
    print(cents)
    return decision
