from dbos_typed import DBOS


@DBOS.workflow()
def good(name: str) -> str:
    return name


@DBOS.workflow  # E: type
def bare(name: str) -> str:
    return name


@DBOS.step("charge")  # E: type
def charge(name: str) -> str:
    return name


@DBOS.step(name="refund")
def refund(name: str) -> str:
    return name
