from flask import Flask

from dbos_typed import DBOS

app = Flask(__name__)


def wait(seconds: float) -> None:
    DBOS.sleep(seconds)


def describe(seconds: float) -> str:
    return f"{seconds} s"


@app.get("/wait")
def wait_handler() -> str:
    wait(1)  # E: dbos-context
    return describe(1)


@DBOS.workflow()
def job(seconds: float) -> str:
    wait(seconds)
    return describe(seconds)


@app.post("/job")
def job_handler() -> str:
    return DBOS.start_workflow(job, 1.0).workflow_id
