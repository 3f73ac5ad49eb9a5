from gen_events_inferred.flows import InferredState
from generated.gen_events_inferred.flows import inferred_job


def look(workflow_id: str) -> float:
    job = inferred_job.retrieve(workflow_id)
    measures: dict[str, int] | None = job.get_event("measures")
    names: list[str] | None = job.get_event("done")
    wrong: list[int] | None = job.get_event("done")  # E: type
    ratio: float | None = job.get_event("ratio")
    title: int | None = job.get_event("title")  # E: type
    state: InferredState | None = job.get_event("state")
    print(measures, names, wrong, title, state)
    job.get_event("stat")  # E: type
    job.send(("a", 1), topic="adjust")
    job.send(("a", "1"), topic="adjust")  # E: type
    return ratio or 0.0
