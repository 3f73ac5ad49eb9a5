from dbos_typed import DBOS


@DBOS.workflow()
def listed_report(year: int) -> dict[str, float]:
    return {str(year): 1.0}
