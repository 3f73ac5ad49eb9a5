from dataclasses import dataclass, field

from dbos_typed import DBOS


@dataclass
class InferredState:
    done: list[str] = field(default_factory=list[str])
    percent: float = 0.0


@DBOS.step()
def inferred_measure(name: str) -> dict[str, int]:
    return {name: 1}


@DBOS.workflow()
def inferred_job(names: list[str]) -> int:
    state = InferredState()
    for name in names:
        measures = inferred_measure(name)
        DBOS.set_event("measures", measures)
        state.done.append(name)
        DBOS.set_event("done", state.done)
        DBOS.set_event("ratio", len(state.done) / len(names))
        DBOS.set_event("title", f"{name} of {len(names)}")
        DBOS.set_event("state", state)
    message: tuple[str, int] | None = DBOS.recv("adjust")
    return len(names) if message is None else message[1]
