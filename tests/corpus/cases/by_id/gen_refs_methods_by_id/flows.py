from dataclasses import dataclass

from dbos_typed import DBOS, DBOSConfiguredInstance


@dataclass(frozen=True)
class ByIdReport:
    pages: int


@DBOS.dbos_class()
class ByIdOffice(DBOSConfiguredInstance):
    @DBOS.workflow()
    async def write_report(self, topic: str, pages: int = 1) -> ByIdReport:
        return ByIdReport(pages + len(topic))

    @classmethod
    @DBOS.workflow()
    def archive_reports(cls, year: int) -> list[ByIdReport]:
        return [ByIdReport(year)]
