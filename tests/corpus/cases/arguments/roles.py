from dbos_typed import DBOS


@DBOS.required_roles(["admin"])
@DBOS.workflow()
def purge(table: str, older_than: int) -> int:
    return older_than + len(table)


@DBOS.workflow()
@DBOS.required_roles(["user", "admin"])
def mine(user: str) -> str:
    return user


DBOS.start_workflow(purge, "logs", 3)
DBOS.start_workflow(purge, "logs", older_then=3)  # E: type
DBOS.start_workflow(mine, "ann")
DBOS.start_workflow(mine)  # E: type


@DBOS.required_roles([1, 2])  # E: type
@DBOS.workflow()
def numbers() -> None:
    DBOS.logger.info("x")
