from dbos_typed import DBOS
from gen_events_by_handle.workflows import tracked_build


def literal_keys() -> None:
    handle = DBOS.start_workflow(tracked_build, "all")
    print(DBOS.get_event(handle.workflow_id, "percent"))
    print(DBOS.get_event(handle.workflow_id, "percnt"))  # E: dbos-event
    DBOS.send(handle.workflow_id, True, "go-on")
    DBOS.send(handle.workflow_id, True, "goon")  # E: dbos-topic
    DBOS.send(handle.workflow_id, "yes", "go-on")  # E: dbos-topic


def retrieved(workflow_id: str) -> None:
    handle = DBOS.retrieve_workflow(workflow_id, workflow=tracked_build)
    DBOS.send(handle.workflow_id, False, topic="go-on")
    DBOS.send(handle.workflow_id, False, topic="stop")  # E: dbos-topic
    DBOS.get_event(handle.get_workflow_id(), "lgo")  # E: dbos-event
    DBOS.get_event(handle.get_workflow_id(), "log")


def unknown(workflow_id: str) -> None:
    DBOS.get_event(workflow_id, "whatever")
    DBOS.send(workflow_id, 3, "whatever")
