"""Opens a database as a process of its own; with the name of a table it stops for ever once that table was created.

Usage: launcher.py DATABASE_URL [TABLE]. Says on standard output how far it came, and waits for a line on standard input
before it begins.
"""

import logging
import sys
import threading

from sqlalchemy import Connection, Table, event

from dbos_typed.storage.database import Access, open_database


def _say(word: str) -> None:
    print(word, flush=True)  # noqa: T201  # this is how the test follows the process


def _stop_after(name: str) -> None:
    def stop(table: Table, _connection: Connection, **_options: object) -> None:
        if table.name.removeprefix("dbos_") == name:
            _say("created")
            threading.Event().wait()

    event.listen(Table, "after_create", stop)


if __name__ == "__main__":
    url, *tables = sys.argv[1:]
    for table_name in tables:
        _stop_after(table_name)
    _say("imported")
    sys.stdin.readline()
    database = open_database(
        url, Access(schema="dbos_typed", pool_size=2), publish=lambda _: None, logger=logging.getLogger("launcher")
    )
    _say("migrated")
    database.close()
