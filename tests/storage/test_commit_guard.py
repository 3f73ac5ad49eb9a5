"""Which statements begin or end a transaction."""

import pytest

from dbos_typed.storage.commit_guard import control_command


@pytest.mark.parametrize(
    ("statement", "command"),
    [
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
        ("INSERT INTO t VALUES ('it''s; fine'); COMMIT", "COMMIT"),
        ("SELECT $$;$$; END", "END"),
        ("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; COMMIT", "COMMIT"),
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
        ("DO $do$ BEGIN PERFORM 1; END $do$", None),
        ("SELECT commit FROM ends; SELECT beginning", None),
    ],
)
def test_the_command_that_begins_or_ends_a_transaction_is_found(statement: str, command: str | None) -> None:
    assert control_command(statement) == command
