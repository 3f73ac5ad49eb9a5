from dbos_typed import DBOS


@DBOS.workflow()
def wait_for_name() -> str:
    name = DBOS.recv("name", 10)
    if name is None:
        return "nobody"
    return str(name)


@DBOS.workflow()
def shout_name() -> str:
    return str(DBOS.recv("name", 10).upper())  # E: type


def progress(workflow_id: str) -> int:
    value = DBOS.get_event(workflow_id, "progress")
    print(value + 1)  # E: type
    return 0 if value is None else int(value)
