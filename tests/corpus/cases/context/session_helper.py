from sqlalchemy import text

from dbos_typed import DBOS


def run(statement: str) -> int:
    return len(DBOS.sql_session.execute(text(statement)).all())


@DBOS.transaction()
def users() -> int:
    return run("SELECT * FROM users")


@DBOS.workflow()
def report() -> int:
    direct = run("SELECT * FROM users")  # E: dbos-context
    return users() + direct


@DBOS.step()
def report_step() -> int:
    return run("SELECT * FROM users")  # E: dbos-context
