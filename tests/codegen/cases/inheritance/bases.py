"""Classes that others derive from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar, overload

from dbos_typed import DBOS, DBOSConfiguredInstance

T = TypeVar("T")
U = TypeVar("U")


@dataclass
class _Part:
    number: int


last = _Part(1)


class Base(DBOSConfiguredInstance, Generic[T, U]):
    @DBOS.workflow()
    def run(self, item: T, parts: list[_Part]) -> U | None:
        """Run it with its parts."""
        DBOS.set_event("item", item)
        self._tell(len(parts))
        return None

    def _tell(self, count: int) -> None:
        DBOS.set_event("parts", count)

    @DBOS.workflow(name="base-again")
    def again(self) -> int:
        return 1

    @classmethod
    @DBOS.workflow()
    def build(cls, count: int) -> str:
        return cls.__name__ * count

    @overload
    def convert(self, value: int) -> str: ...
    @overload
    def convert(self, value: str) -> int: ...
    @DBOS.workflow()
    def convert(self, value: int | str) -> int | str:
        return str(value) if isinstance(value, int) else int(value)


class Audited:
    @staticmethod
    @DBOS.workflow()
    def audit(year: int) -> str:
        return str(year)

    @DBOS.step()
    def note(self) -> None: ...
