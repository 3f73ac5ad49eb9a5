from __future__ import annotations

from collections.abc import Callable, Mapping

from dbos_typed import DBOS, Event, WorkflowHandle

STAGES = ("fetch", "parse")
LABELS = {"fetch": 1, "parse": 2}
DONE = Event[bool]("done")


def publish(key: str, value: object) -> None:
    DBOS.set_event(key, value)


def publish_all(values: Mapping[str, object]) -> None:
    for key, value in values.items():
        DBOS.set_event(key, value)


def report(percent: int, to: Callable[[str, int], None]) -> None:
    to("reported", percent)


@DBOS.workflow()
def staged() -> bool:
    for stage in STAGES:
        DBOS.set_event(stage, True)
    for label, number in LABELS.items():
        DBOS.set_event(f"{label}-number", number)
    DBOS.set_event(DONE, True)
    return True


@DBOS.workflow()
def helped() -> bool:
    publish("helped", 1)
    publish_all({"many": 1})
    report(3, DBOS.set_event)
    return True


@DBOS.workflow()
def single() -> bool:
    DBOS.set_event("only", 1)
    return True


@DBOS.workflow()
def other() -> bool:
    DBOS.set_event("other", 1)
    return True


def look(urgent: bool) -> None:
    staged_id = DBOS.start_workflow(staged).workflow_id
    DBOS.get_event(staged_id, "fetch")
    DBOS.get_event(staged_id, "parse-number")
    DBOS.get_event(staged_id, DONE)
    helped_id = DBOS.start_workflow(helped).workflow_id
    for key in ("helped", "many", "reported"):
        DBOS.get_event(helped_id, key)
    DBOS.get_event(helped_id, "reported")
    handle = DBOS.start_workflow(single)
    DBOS.get_event(handle.workflow_id, "only")
    DBOS.get_event(handle.workflow_id, "onyl")  # E?: dbos-event
    handle = DBOS.start_workflow(other)
    DBOS.get_event(handle.workflow_id, "other")
    chosen = DBOS.start_workflow(single) if urgent else DBOS.start_workflow(other)
    DBOS.get_event(chosen.workflow_id, "only")
    DBOS.get_event(chosen.workflow_id, "other")
    started: list[WorkflowHandle[bool]] = [DBOS.start_workflow(single), DBOS.start_workflow(other)]
    for each in started:
        DBOS.get_event(each.workflow_id, "other")
