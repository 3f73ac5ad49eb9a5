from dbos_typed import DBOS
from gen_events_narrowed.flows import NarrowedState, narrowed_async, narrowed_build


def started() -> int:
    handle = DBOS.start_workflow(narrowed_build, "all")
    percent = DBOS.get_event(handle.workflow_id, "percent")
    text: str | None = DBOS.get_event(handle.workflow_id, "percent")  # E: inferred
    state: NarrowedState | None = DBOS.get_event(handle.workflow_id, "state")
    wrong: NarrowedState | None = DBOS.get_event(handle.workflow_id, "log")  # E: inferred
    print(text, state, wrong)
    return percent or 0


async def started_async() -> int | None:
    handle = await DBOS.start_workflow_async(narrowed_async, "all")
    log: list[str] | None = await DBOS.get_event_async(handle.workflow_id, "percent")  # E: inferred
    print(log)
    return await DBOS.get_event_async(handle.workflow_id, "percent")


def retrieved(workflow_id: str) -> str | None:
    handle = DBOS.retrieve_workflow(workflow_id, workflow=narrowed_build)
    return DBOS.get_event(handle.workflow_id, "percent")  # E: inferred


def unknown(workflow_id: str) -> str | None:
    return DBOS.get_event(workflow_id, "percent")
