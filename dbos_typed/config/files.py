"""dbos-config.yaml: found, read, and completed with environment variables."""

from __future__ import annotations

import itertools
import logging
import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from dbos_typed.config.documents import LONGEST, parse
from dbos_typed.config.keys import ConfigFile
from dbos_typed.config.settings import process_config
from dbos_typed.config.urls import is_postgres
from dbos_typed.config.values import Problems, Section
from dbos_typed.error import DBOSInitializationError

DBOS_CONFIG_PATH = "dbos-config.yaml"
SECRETS_FOLDER = "/run/secrets"
LONGEST_NAME = 100
"""Characters of a secret's name in an error."""

_PLACEHOLDER = re.compile(r"\$\{(?:(?P<kind>DOCKER_SECRET):)?(?P<name>[^${}\n]+)\}")
_MAY_BE_EMPTY = ("env", "application")
"""Sections of the application's own, to which a value that is missing means what the application says."""
_NAME_OF_SECRET = re.compile(r"(?!\.)[\w.-]+")
_SWITCHES = frozenset(
    {"ssl", "run_admin_server", "admin_legacy", "strict_replay", "enable_otlp", "relaunch_after_fork"}
)
_NUMBERS = frozenset({"port", "connectionTimeoutMillis", "max_executor_threads"})
_logger = logging.getLogger("dbos_typed")


def load_config(
    config_file_path: str = DBOS_CONFIG_PATH, *, run_process_config: bool = True, silent: bool = False
) -> ConfigFile:
    """Read a configuration file.

    `${NAME}` in a value stands for an environment variable, `${DOCKER_SECRET:NAME}` for a file of that name in the
    folder of secrets. One that is not set, empty or missing is an error; in the sections `env` and `application` it
    counts as empty, which is warned about unless `silent`. With `run_process_config` the defaults are filled in.
    Secrets are not masked.

    FileNotFoundError: there is no such file. DBOSInitializationError: lists what is wrong with it.
    """
    substitution = _Substitution(config_file_path, is_silent=silent)
    found, reason = _parsed(config_file_path, substitution)
    if reason is not None:
        msg = f"{config_file_path} cannot be read as YAML: {reason}"
        raise DBOSInitializationError(msg)
    if not isinstance(found, dict):
        msg = f"{config_file_path} must contain a dictionary, not {type(found).__name__}. Write at least: name: my-app"
        raise DBOSInitializationError(msg)
    data = cast("ConfigFile", substitution.filled(cast("dict[str, Any]", found)))
    substitution.check()
    problems = Problems()
    Section(cast("Mapping[str, Any]", data), ConfigFile.__annotations__, problems)
    problems.check()
    exporter = (data.get("telemetry") or {}).get("OTLPExporter")
    if isinstance(exporter, dict):
        for key in ("logsEndpoint", "tracesEndpoint"):
            if isinstance(exporter.get(key), str):
                cast("dict[str, Any]", exporter)[key] = [exporter.get(key)]
    return process_config(data=data, silent=silent) if run_process_config else data


def _parsed(path: str, substitution: _Substitution) -> tuple[object, str | None]:
    """What a file says, or why it cannot be read: without the error, which may hold what the file holds."""
    try:
        with open(path, "r") as file:  # noqa: PTH123, UP015  # the tests of applications replace `open`
            file.reconfigure(encoding="utf-8")
            content = file.read(LONGEST + 1)
        return parse(substitution.marked(content)), None
    except ValueError as error:
        return None, str(error)


def get_dbos_database_url(config_file_path: str = DBOS_CONFIG_PATH) -> str:
    """The URL of the application's database from a configuration file, as SQLAlchemy takes it. Raises as load_config.

    It holds the password.
    """
    url = str(load_config(config_file_path).get("database_url"))
    return f"postgresql+psycopg://{url.partition('://')[2]}" if is_postgres(url) else url


class _Substitution:
    """Puts values in the place of placeholders, after parsing, so that no value can be taken for YAML."""

    def __init__(self, path: str, *, is_silent: bool) -> None:
        self._path = path
        self._is_silent = is_silent
        self._marks: dict[str, Callable[[bool], str]] = {}
        self._missing: list[str] = []
        self._numbers = itertools.count()
        self._found = re.compile("")

    def marked(self, content: str) -> str:
        """The text with a word in the place of each placeholder."""
        # A word that the text does not contain, and that a parser takes for plain text wherever it stands.
        stem = f"placeholder{secrets.token_hex(16)}x"

        def mark(match: re.Match[str]) -> str:
            name = match["name"]
            word = f"{stem}{next(self._numbers)}z"
            read = self._secret if match["kind"] else self._variable
            self._marks[word] = lambda may_be_empty: read(name, may_be_empty)
            return word

        self._found = re.compile(f"{stem}[0-9]+z")
        return _PLACEHOLDER.sub(mark, content)

    def filled(self, value: Any, key: str = "", section: str | None = None) -> Any:  # noqa: ANN401  # a parsed file
        """The parsed value with the words replaced; a placeholder that stands alone and is empty gives None."""
        if isinstance(value, dict):
            items = cast("dict[object, Any]", value).items()
            return {
                self.filled(name, section=section): self.filled(each, str(name), section or str(name))
                for name, each in items
            }
        if isinstance(value, list):
            return [self.filled(each, key, section) for each in cast("Sequence[Any]", value)]
        if not isinstance(value, str) or self._found.search(value) is None:
            return value
        may_be_empty = section in _MAY_BE_EMPTY
        text = self._found.sub(lambda match: self._marks[match[0]](may_be_empty), value)
        if self._found.fullmatch(value) is None:
            return text
        return _converted(text, key) if text else None

    def check(self) -> None:
        """DBOSInitializationError: lists the values that are missing."""
        if self._missing:
            listed = "; ".join(dict.fromkeys(self._missing))
            msg = (
                f"{self._path} names {listed}. Set each of them, or remove its key from the file. Nothing was started."
            )
            raise DBOSInitializationError(msg)

    def _variable(self, name: str, may_be_empty: bool) -> str:  # noqa: FBT001  # one of two readers
        value = os.environ.get(name, "")
        if not value:
            self._miss(f"the environment variable {name!r}, which is not set", may_be_empty=may_be_empty)
        return value

    def _secret(self, name: str, may_be_empty: bool) -> str:  # noqa: FBT001  # one of two readers
        told = f"the Docker secret {name[:LONGEST_NAME]!r}"
        folder = Path(SECRETS_FOLDER).resolve()
        file = (folder / name).resolve() if _NAME_OF_SECRET.fullmatch(name) else None
        # Kubernetes makes secrets links to files further down in the folder.
        if file is None or not file.is_relative_to(folder):
            self._miss(f"{told}, which is no file in {SECRETS_FOLDER}", may_be_empty=False)
            return ""
        try:
            value = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            self._miss(f"{told}, which cannot be read: {reason}", may_be_empty=may_be_empty)
            return ""
        if not value:
            self._miss(f"{told}, which is empty", may_be_empty=may_be_empty)
        return value

    def _miss(self, what: str, *, may_be_empty: bool) -> None:
        if not may_be_empty:
            self._missing.append(what)
        elif not self._is_silent:
            _logger.warning("%s names %s.", self._path, what)


def _converted(text: str, key: str) -> object:
    """A substituted value as its key wants it: a password of digits stays a text, a port becomes a number."""
    if (key in _NUMBERS or key.endswith(("_port", "_pool_size"))) and text.isdecimal():
        return int(text)
    if text in ("true", "false") and key in _SWITCHES:
        return text == "true"
    return text
