from dbos_typed import DBOS


@DBOS.step()
def charge(cents: int) -> str:
    return str(cents)


@DBOS.transaction()
def save(cents: int) -> int:
    return cents


def plain(cents: int) -> int:
    return cents


@DBOS.workflow()
def pay(cents: int) -> str:
    save(cents)
    return charge(cents)


DBOS.start_workflow(pay, 3)
DBOS.start_workflow(charge, 3)  # E: dbos-workflow
DBOS.start_workflow(save, 3)  # E: dbos-workflow
DBOS.start_workflow(plain, 3)  # E: dbos-workflow
DBOS.start_workflow(lambda: pay(3))  # E: dbos-workflow
