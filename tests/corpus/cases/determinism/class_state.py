from typing import ClassVar

from dbos_typed import DBOS, DBOSConfiguredInstance


class Limits:
    per_user: ClassVar[int] = 3


class Registry:
    known: ClassVar[list[str]] = []


def register(name: str) -> None:
    Registry.known.append(name)


COUNTS = {"total": 0}
ORDER = ["a", "b"]


def count() -> None:
    COUNTS["total"] += 1


@DBOS.dbos_class()
class Desk(DBOSConfiguredInstance):
    @DBOS.workflow()
    def handle(self, name: str) -> int:
        total = len(ORDER) + Limits.per_user
        names = [*ORDER, name]
        names.sort()
        register(name)  # E: dbos-deterministic
        count()  # E: dbos-deterministic
        return total + COUNTS["total"]  # E: dbos-deterministic
