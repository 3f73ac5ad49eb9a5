from typing import Literal, TypedDict, TypeGuard

from dbos_typed import DBOS


class Ok(TypedDict):
    kind: Literal["ok"]
    value: int


class Failed(TypedDict):
    kind: Literal["failed"]
    reason: str


def is_ok(outcome: Ok | Failed) -> TypeGuard[Ok]:
    return outcome["kind"] == "ok"


@DBOS.workflow()
def attempt(n: int) -> Ok | Failed:
    if n > 0:
        return {"kind": "ok", "value": n}
    return {"kind": "failed", "reason": "negative"}


outcome = DBOS.start_workflow(attempt, 1).get_result()
if is_ok(outcome):
    print(outcome["value"] + 1)
if outcome["kind"] == "failed":
    print(outcome["reason"].upper())
print(outcome["value"])  # E: type
print(outcome["kind"] == "done")  # E: type
