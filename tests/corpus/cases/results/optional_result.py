from dbos_typed import DBOS


@DBOS.workflow()
def find(name: str) -> str | None:
    return name or None


def shout(name: str) -> str:
    handle = DBOS.start_workflow(find, name)
    found = handle.get_result()
    if found is None:
        return ""
    return found.upper()


def shout_wrongly(name: str) -> str:
    return DBOS.start_workflow(find, name).get_result().upper()  # E: type
