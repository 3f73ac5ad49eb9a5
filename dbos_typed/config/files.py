"""dbos-config.yaml: found, read, and completed with environment variables."""

from __future__ import annotations

import itertools
import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from dbos_typed.config.keys import ConfigFile
from dbos_typed.config.settings import process_config
from dbos_typed.config.urls import is_postgres
from dbos_typed.config.values import Problems, Section
from dbos_typed.error import DBOSInitializationError

DBOS_CONFIG_PATH = "dbos-config.yaml"
SECRETS_FOLDER = "/run/secrets"

_PLACEHOLDER = re.compile(r"\$\{(?:(?P<kind>DOCKER_SECRET):)?(?P<name>[^}]+)\}")
_NUMBERS = frozenset({"port", "connectionTimeoutMillis", "max_executor_threads"})
_logger = logging.getLogger("dbos_typed")


def load_config(
    config_file_path: str = DBOS_CONFIG_PATH, *, run_process_config: bool = True, silent: bool = False
) -> ConfigFile:
    """Read a configuration file.

    `${NAME}` in a value stands for an environment variable, `${DOCKER_SECRET:NAME}` for a file of that name in the
    folder of secrets; one that does not exist counts as empty, which is warned about unless `silent`. With
    `run_process_config` the defaults are filled in. Secrets are not masked.

    FileNotFoundError: there is no such file. DBOSInitializationError: lists what is wrong with it.
    """
    with open(config_file_path, "r") as file:  # noqa: PTH123, UP015  # the tests of applications replace `open`
        file.reconfigure(encoding="utf-8")
        content = file.read()
    substitution = _Substitution(config_file_path, is_silent=silent)
    # Only applications that have a file need the parser.
    yaml = import_module("yaml")
    try:
        found: object = yaml.safe_load(substitution.marked(content))
    except yaml.YAMLError as error:
        msg = f"{config_file_path} cannot be read as YAML: {error}"
        raise DBOSInitializationError(msg) from error
    if not isinstance(found, dict):
        msg = f"{config_file_path} must contain a dictionary, not {type(found).__name__}. Write at least: name: my-app"
        raise DBOSInitializationError(msg)
    data = cast("ConfigFile", substitution.filled(cast("dict[str, Any]", found)))
    problems = Problems()
    Section(cast("Mapping[str, Any]", data), ConfigFile.__annotations__, problems)
    problems.check()
    exporter = (data.get("telemetry") or {}).get("OTLPExporter")
    if isinstance(exporter, dict):
        for key in ("logsEndpoint", "tracesEndpoint"):
            if isinstance(exporter.get(key), str):
                cast("dict[str, Any]", exporter)[key] = [exporter.get(key)]
    return process_config(data=data, silent=silent) if run_process_config else data


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
        self._marks: dict[str, tuple[str, Callable[[], str]]] = {}
        self._numbers = itertools.count()
        self._found = re.compile("")

    def marked(self, content: str) -> str:
        """The text with a word in the place of each placeholder."""
        # A word that the text does not contain, and that a parser takes for plain text wherever it stands.
        stem = "placeholder"
        while stem in content:
            stem += "x"

        def mark(match: re.Match[str]) -> str:
            name = match["name"]
            word = f"{stem}{next(self._numbers)}z"
            read = self._secret if match["kind"] else self._variable
            self._marks[word] = (name, lambda: read(name))
            return word

        self._found = re.compile(f"{stem}[0-9]+z")
        return _PLACEHOLDER.sub(mark, content)

    def filled(self, value: Any, key: str = "") -> Any:  # noqa: ANN401  # a parsed file
        """The parsed value with the words replaced; a placeholder that stands alone and is empty gives None."""
        if isinstance(value, dict):
            items = cast("dict[object, Any]", value).items()
            return {self.filled(name): self.filled(each, str(name)) for name, each in items}
        if isinstance(value, list):
            return [self.filled(each, key) for each in cast("Sequence[Any]", value)]
        if not isinstance(value, str) or self._found.search(value) is None:
            return value
        text = self._found.sub(lambda match: self._marks[match[0]][1](), value)
        if self._found.fullmatch(value) is None:
            return text
        return _converted(text, key) if text else None

    def _variable(self, name: str) -> str:
        value = os.environ.get(name, "")
        if not value and not self._is_silent:
            _logger.warning("%s names the environment variable %r, which is not set.", self._path, name)
        return value

    def _secret(self, name: str) -> str:
        try:
            return Path(SECRETS_FOLDER, name).read_text(encoding="utf-8").strip()
        except OSError as error:
            if not self._is_silent:
                _logger.warning("%s names the Docker secret %r, which cannot be read: %s", self._path, name, error)
            return ""


def _converted(text: str, key: str) -> object:
    """A substituted value as its key wants it: a password of digits stays a text, a port becomes a number."""
    if (key in _NUMBERS or key.endswith(("_port", "_pool_size"))) and text.isdecimal():
        return int(text)
    if text in ("true", "false") and key in ("ssl", "run_admin_server", "strict_replay", "enable_otlp"):
        return text == "true"
    return text
