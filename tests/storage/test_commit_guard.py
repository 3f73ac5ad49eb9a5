"""Which statements begin or end a transaction."""

import pytest

from dbos_typed.storage.commit_guard import control_command

COMMON = [
    ("COMMIT", "COMMIT"),
    (" commit work;", "COMMIT"),
    ("END TRANSACTION", "END"),
    ("ABORT", "ABORT"),
    ("rollback", "ROLLBACK"),
    ("ROLLBACK AND CHAIN", "ROLLBACK"),
    ("BEGIN IMMEDIATE", "BEGIN"),
    ("START   TRANSACTION READ ONLY", "START TRANSACTION"),
    ("PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION"),
    ("-- first\nCOMMIT", "COMMIT"),
    ("/* first; */ COMMIT", "COMMIT"),
    ("\ufeffCOMMIT", "COMMIT"),
    ("SELECT 1 --; said\r; COMMIT", "COMMIT"),
    ("INSERT INTO t VALUES ('it''s; fine'); COMMIT", "COMMIT"),
    ("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT", "COMMIT"),
    ("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; CREATE TABLE b (c int); END", "END"),
    ("COMMIT; COPY t FROM STDIN", "COMMIT"),
    ("ROLLBACK TO a", None),
    ("rollback work to savepoint a", None),
    ("SAVEPOINT commit", None),
    ("RELEASE SAVEPOINT a", None),
    ("PREPARE plan AS SELECT 1", None),
    ("SELECT 'a; commit'", None),
    ('SELECT 1 AS "; commit"', None),
    ("SELECT CASE WHEN a THEN 1 END", None),
    ("SELECT 1 -- ; commit", None),
    ("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END", None),
    ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END", None),
    ("SELECT commit FROM ends; SELECT beginning", None),
]
POSTGRES = [
    ("/* a /* b */ c */ COMMIT", "COMMIT"),
    ("/* a /* b */ COMMIT */", None),
    ("SELECT $$;$$; END", "END"),
    ("SELECT 1 AS a$b$; COMMIT; SELECT 1 AS a$b$", "COMMIT"),
    ("SELECT E'it\\'s'; COMMIT", "COMMIT"),
    ("SELECT E'\\'; COMMIT; SELECT \\''", None),
    ("DO $do$ BEGIN PERFORM 1; END $do$", None),
]
SQLITE = [
    ("/* a /* b */ COMMIT", "COMMIT"),
    ("SELECT $a$; COMMIT", "COMMIT"),
    ("SELECT 1 AS 'e\\'; COMMIT", "COMMIT"),
]


@pytest.mark.parametrize(("statement", "command"), [*COMMON, *POSTGRES])
def test_the_command_that_begins_or_ends_a_transaction_is_found(statement: str, command: str | None) -> None:
    assert control_command(statement, is_postgres=True) == command


@pytest.mark.parametrize(("statement", "command"), [*COMMON, *SQLITE])
def test_it_is_found_as_sqlite_reads_a_text(statement: str, command: str | None) -> None:
    assert control_command(statement, is_postgres=False) == command
