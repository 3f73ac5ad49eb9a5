import sqlite3

import psycopg
from sqlalchemy import create_engine, text

from dbos_typed import DBOS

ENGINE = create_engine("sqlite://")


@DBOS.transaction()
def users() -> int:
    return len(DBOS.sql_session.execute(text("SELECT 1")).all())


@DBOS.step()
def others() -> int:
    with ENGINE.connect() as connection:
        return len(connection.execute(text("SELECT 1")).all())


@DBOS.workflow()
def report(path: str) -> int:
    total = users() + others()
    connection = sqlite3.connect(path)  # E: dbos-deterministic
    connection.close()
    with psycopg.connect("dbname=a") as postgres:  # E: dbos-deterministic
        print(postgres)
    with ENGINE.connect() as opened:  # E: dbos-deterministic
        total += len(opened.execute(text("SELECT 1")).all())
    return total
