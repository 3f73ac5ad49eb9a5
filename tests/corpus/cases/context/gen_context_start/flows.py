from dbos_typed import DBOS


@DBOS.workflow()
def context_child(n: int) -> int:
    return n
