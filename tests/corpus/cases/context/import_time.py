from dbos_typed import DBOS

DBOS.sleep(1)  # E: dbos-context
STARTED = DBOS.recv("start")  # E: dbos-context


@DBOS.workflow()
def job() -> None:
    DBOS.sleep(1)


if __name__ == "__main__":
    DBOS.launch()
    DBOS.start_workflow(job)
    DBOS.set_event("ready", True)  # E: dbos-context
    DBOS.send("other", "ready")
