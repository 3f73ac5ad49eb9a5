from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from crm_clean.domain import Mail, Person
from crm_clean.flows import STAGE, convert
from dbos_typed import DBOS, DBOSClient, SetWorkflowID


@DBOS.step()
def people() -> list[Person]:
    return [Person(name="ann", contacts=[Mail(address="ann@x")])]


@DBOS.scheduled("0 6 * * 1")
@DBOS.workflow()
def weekly(scheduled: datetime, actual: datetime) -> None:
    if actual - scheduled > timedelta(hours=1):
        return
    for person in people():
        with SetWorkflowID(f"convert-{person.name}-{scheduled:%Y-%m-%d}"):
            DBOS.start_workflow(convert, person, campaigns=("spring",))


def stages(url: str, names: list[str]) -> dict[str, str]:
    with DBOSClient(url) as client:
        found = {name: client.get_event(f"convert-{name}", STAGE, 0) for name in names}
    return {name: stage.value for name, stage in found.items() if stage is not None}


if __name__ == "__main__":
    print(stages(sys.argv[1], sys.argv[2:]), datetime.now(UTC))
