from dataclasses import dataclass

from dbos_typed import DBOS, Topic
from gen_events_helpers.progress import HELPED_NOTE, advance, wait_for_note


@dataclass(frozen=True)
class HelpedNote:
    text: str


@DBOS.workflow()
def helped_migration(tables: list[str]) -> int:
    for number, _ in enumerate(tables):
        advance(number)
    note = wait_for_note()
    other = DBOS.recv(Topic[HelpedNote]("other"))
    print(other, HELPED_NOTE)
    return len(tables) + len(note or "")
