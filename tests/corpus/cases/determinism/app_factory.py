from __future__ import annotations

import os
import time

from fastapi import FastAPI

from dbos_typed import DBOS, WorkflowHandle


def create_app() -> FastAPI:
    app = FastAPI(title=os.environ.get("TITLE", "app"))
    begun = time.time()

    @DBOS.step()
    def measure(text: str) -> float:
        return time.time() - begun

    @DBOS.workflow()
    def process(text: str) -> float:
        waited = time.time()  # E: dbos-deterministic
        return measure(text) + waited

    @app.post("/process")
    def handle(text: str) -> str:
        started: WorkflowHandle[float] = DBOS.start_workflow(process, text)
        return f"{started.workflow_id} {time.time()}"

    @app.get("/health")
    def health() -> float:
        return time.time() - begun

    print(handle, health)
    return app
