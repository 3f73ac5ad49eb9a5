from fastapi import FastAPI

from dbos_typed import DBOS, SetWorkflowID

app = FastAPI()


@DBOS.step()
def number() -> int:
    return DBOS.step_status.step_id + len(DBOS.workflow_id)


@DBOS.workflow()
def tagged(name: str) -> str:
    return f"{DBOS.workflow_id}-{name}-{number()}"


@app.get("/tag/{name}")
def tag(name: str) -> str:
    with SetWorkflowID(name):
        handle = DBOS.start_workflow(tagged, name)
    return handle.workflow_id


@app.get("/id")
def identity() -> str:
    return DBOS.workflow_id  # E: dbos-context
