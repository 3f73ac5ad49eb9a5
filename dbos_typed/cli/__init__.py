"""The command line of the runtime: what is done to its database from outside an application."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from dbos_typed.config import DBOS_CONFIG_PATH, DBOSConfig, Settings, load_config, masked_text, read_config
from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage.maintenance import migrate_databases, reset_databases

FAILED = 1
"""The exit status when the command could not do what it was to do; wrong arguments end with 2."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `dbos-typed`; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = _settings(options)
        where = masked_text(settings.system_database_url)
        if options.command == "migrate":
            print(f"{where} has schema version {migrate_databases(settings)}.")
        elif not options.yes and not _is_confirmed(where):
            print("Nothing was removed.", file=sys.stderr)
            return FAILED
        else:
            reset_databases(settings)
            print(f"Removed everything that was recorded in {where}.")
    except DBOSInitializationError as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dbos-typed", description="Looks after the tables of dbos_typed.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    migrate = commands.add_parser(
        "migrate",
        help="create or upgrade the tables",
        description="Creates or upgrades the tables, as a launch does. Needed only where the role with which the "
        "application runs may not change tables.",
    )
    reset = commands.add_parser(
        "reset",
        help="remove everything that is recorded",
        description="Removes the tables with everything that is recorded of workflows. The application's own tables "
        "stay. No process may be using them.",
    )
    reset.add_argument("--yes", action="store_true", help="do not ask")
    for command in (migrate, reset):
        command.add_argument(
            "--config",
            metavar="FILE",
            default=DBOS_CONFIG_PATH,
            help="the configuration that names the database; default: %(default)s",
        )
        command.add_argument("--database-url", metavar="URL", help="the application's database, instead of a file")
        command.add_argument(
            "--system-database-url", metavar="URL", help="where workflows are stored, when it is another database"
        )
        command.add_argument("--schema", metavar="NAME", help="the schema of the tables on PostgreSQL")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    if options.database_url is None and options.system_database_url is None:
        try:
            config = load_config(options.config, run_process_config=False)
        except OSError as error:
            msg = f"{options.config} cannot be read ({error.strerror}): name the file with --config, or --database-url."
            raise DBOSInitializationError(msg) from error
        if options.schema is not None:
            config["dbos_system_schema"] = options.schema
        return read_config(config)
    given = DBOSConfig(
        name="dbos-typed",
        database_url=options.database_url,
        system_database_url=options.system_database_url,
        dbos_system_schema=options.schema,
    )
    # What is named on the command line counts, whatever the environment says.
    return read_config(given, {})


def _is_confirmed(where: str) -> bool:
    try:
        return input(f"Remove everything that is recorded in {where}? Write yes: ").strip() == "yes"
    except EOFError:
        return False
