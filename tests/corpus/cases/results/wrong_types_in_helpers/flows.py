from __future__ import annotations

from typing import NamedTuple

from dbos_typed import DBOS, DBOSConfiguredInstance


class Quote(NamedTuple):
    price: float
    currency: str


@DBOS.dbos_class()
class Broker(DBOSConfiguredInstance):
    @DBOS.workflow()
    def quote(self, symbol: str) -> Quote:
        return Quote(float(len(symbol)), "EUR")

    @DBOS.workflow()
    async def history(self, symbol: str, days: int = 7) -> list[Quote]:
        return [Quote(float(day), symbol) for day in range(days)]


broker = Broker("main")
