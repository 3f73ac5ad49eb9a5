from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from dbos_typed import DBOS


@dataclass(frozen=True)
class Command:
    name: str


@dataclass(frozen=True)
class Stop(Command):
    hard: bool = False


class Row(TypedDict):
    id: int
    name: str


@DBOS.workflow()
def robot() -> int:
    speed: float | None = DBOS.recv("speed")
    command: Command | None = DBOS.recv("command")
    rows: list[Row] | None = DBOS.recv("rows")
    names: Sequence[str] | None = DBOS.recv("names")
    note: str | int | None = DBOS.recv("note")
    anything = DBOS.recv("anything")
    loose: Any = DBOS.recv("loose")
    thing: object = DBOS.recv("thing")
    while True:
        count: int | None = DBOS.recv("count", timeout_seconds=1)
        if count is None:
            break
    print(speed, command, rows, names, note, anything, loose, thing)
    return 0


def drive(data: dict[str, Any], row: Row, maybe: str | None) -> None:
    robot_id = DBOS.start_workflow(robot).workflow_id
    DBOS.send(robot_id, 1, "speed")
    DBOS.send(robot_id, 1.5, "speed")
    DBOS.send(robot_id, Stop("now", True), "command")
    DBOS.send(robot_id, [{"id": 1, "name": "a"}, row], "rows")
    DBOS.send(robot_id, ["a"], "names")
    DBOS.send(robot_id, ("a", "b"), "names")
    DBOS.send(robot_id, maybe, "note")
    DBOS.send(robot_id, data["note"], "note")
    DBOS.send(robot_id, Command("x"), "anything")
    DBOS.send(robot_id, [1, "2"], "loose")
    DBOS.send(robot_id, {1, 2}, "thing")
    DBOS.send(robot_id, len(data), "count")
    DBOS.send(robot_id, "fast", "speed")  # E: dbos-topic
    DBOS.send(robot_id, ["stop"], "command")  # E: dbos-topic
    DBOS.send(robot_id, 1.5, "count")  # E: dbos-topic
