"""Workflows that are methods."""

from dataclasses import dataclass

import dbos_typed as dt
from dbos_typed import DBOS as D
from dbos_typed import DBOSConfiguredInstance

REGISTERED = "catalogue"


@D.dbos_class()
class Shop(DBOSConfiguredInstance):
    @dataclass
    class Shelf:
        number: int

    @D.workflow()
    def restock(self, sku: str, shelf: Shelf) -> int:
        self._tell(shelf.number)
        return len(sku)

    def _tell(self, number: int) -> None:
        D.set_event("shelf", number)

    @classmethod
    @D.workflow()
    def open_all(cls, count: int) -> list["Shop.Shelf"]:
        return []

    @D.workflow()
    @classmethod
    def close_all(cls) -> None: ...

    @staticmethod
    @dt.DBOS.workflow()
    def audit(year: int, /) -> str:
        return str(year)

    @dt.DBOS.workflow()
    @staticmethod
    def audit_again(year: int) -> str:
        return str(year)

    @D.workflow()
    async def watch(self, seconds: float) -> bool:
        return seconds > 0


@D.dbos_class(REGISTERED)
class Outer:
    @D.dbos_class(class_name="inner")
    class Inner(DBOSConfiguredInstance):
        @D.workflow(name="deep-run")
        def run(self) -> None: ...

    @classmethod
    @D.workflow()
    def build(cls) -> None: ...
