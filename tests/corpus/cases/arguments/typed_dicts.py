from typing import TypedDict

from dbos_typed import DBOS


class Row(TypedDict):
    id: int
    name: str


@DBOS.workflow()
def load(rows: list[Row]) -> int:
    return len(rows)


DBOS.start_workflow(load, [{"id": 1, "name": "a"}])
DBOS.start_workflow(load, [{"id": "1", "name": "a"}])  # E: type
DBOS.start_workflow(load, [{"id": 1}])  # E: type
DBOS.start_workflow(load, {"id": 1, "name": "a"})  # E: type
