from fastapi import FastAPI

from dbos_typed import DBOS

app = FastAPI()


@DBOS.workflow()
def purchase(item: str) -> str:
    DBOS.set_event("item", item)
    paid = DBOS.recv("paid", timeout_seconds=600)
    return item if paid else ""


@app.post("/buy/{item}")
def buy(item: str) -> str:
    handle = DBOS.start_workflow(purchase, item)
    DBOS.set_event("item", item)  # E: dbos-context
    return str(DBOS.get_event(handle.workflow_id, "item"))


@app.post("/paid/{workflow_id}")
def paid(workflow_id: str) -> None:
    DBOS.send(workflow_id, True, topic="paid")


@app.get("/wait")
def wait() -> str:
    return str(DBOS.recv("paid"))  # E: dbos-context


@app.get("/wait-async")
async def wait_async() -> str:
    await DBOS.sleep_async(1)  # E: dbos-context
    return "ok"
