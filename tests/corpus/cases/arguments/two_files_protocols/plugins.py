from dataclasses import dataclass

from dbos_typed import DBOS, Workflow
from two_files_protocols.contracts import Notifier, enabled


@DBOS.workflow()
def count(text: str) -> int:
    return len(text)


@DBOS.workflow()
def notify(user: str, *, text: str) -> bool:
    return bool(user and text)


@dataclass
class Simple:
    name: str
    entry: Workflow[[str], int]


def use(notifier: Notifier) -> bool:
    return notifier("ann", text="hi")


use(notify)
use(count)  # E: type
enabled(Simple("count", count))
Simple("notify", notify)  # E: type
DBOS.start_workflow(Simple("count", count).entry, "a")
DBOS.start_workflow(Simple("count", count).entry, 1)  # E: type
