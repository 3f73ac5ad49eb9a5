from typing import Literal

from dbos_typed import DBOS

Mode = Literal["fast", "safe"]


@DBOS.workflow()
def migrate(table: str, mode: Mode) -> str:
    return table + mode


def run(mode: Mode, text: str) -> None:
    DBOS.start_workflow(migrate, "users", mode)
    DBOS.start_workflow(migrate, "users", "fast")
    DBOS.start_workflow(migrate, "users", "quick")  # E: type
    DBOS.start_workflow(migrate, "users", text)  # E: type
