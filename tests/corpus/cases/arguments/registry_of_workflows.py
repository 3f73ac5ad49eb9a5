from typing import Any

from dbos_typed import DBOS, Workflow


@DBOS.workflow()
def pay(cents: int) -> str:
    return str(cents)


@DBOS.workflow()
def refund(cents: int) -> str:
    return str(-cents)


@DBOS.step()
def charge(cents: int) -> str:
    return str(cents)


FLOWS = {"pay": pay, "refund": refund}
TYPED: dict[str, Workflow[[int], str]] = {"pay": pay, "refund": refund}
ANY: dict[str, Any] = {"pay": pay}


def start(name: str) -> str:
    first = DBOS.start_workflow(FLOWS[name], 1)
    second = DBOS.start_workflow(TYPED[name], 2)
    found = TYPED.get(name)
    if found is not None:
        DBOS.start_workflow(found, 3)
    DBOS.start_workflow(ANY[name], 4)
    DBOS.start_workflow(charge, 5)  # E: dbos-workflow
    return first.get_result() + second.get_result()
