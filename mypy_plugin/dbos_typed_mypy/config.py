"""Options of the plugin, from the same file as mypy's own."""

from __future__ import annotations

import tomllib
from configparser import ConfigParser
from configparser import Error as IniError
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from dbos_gen.sources.rule_overrides import Override, is_enabled
from dbos_typed_mypy import errorcodes

SECTION: Final = "dbos-typed-mypy"
OVERRIDES: Final = "overrides"


class ConfigError(Exception):
    """The options cannot be used; the message lists every problem."""


class Config(NamedTuple):
    """What the user chose."""

    enable: frozenset[str] = frozenset()
    disable: frozenset[str] = frozenset()
    overrides: tuple[Override, ...] = ()

    def is_enabled(self, code: str, module: str) -> bool:
        """Whether findings with this code are reported in this module."""
        return is_enabled(code, module, self.disable, self.overrides)

    def fingerprint(self) -> dict[str, object]:
        """All options as JSON data: a change of it makes mypy forget what it cached."""
        return {
            "enable": sorted(self.enable),
            "disable": sorted(self.disable),
            OVERRIDES: [[override.module, sorted(override.disable)] for override in self.overrides],
        }


def load(config_file: str | None) -> Config:
    """Read the options from mypy's configuration file.

    `[tool.dbos-typed-mypy]` with `enable = [...]`, `disable = [...]` and `[[tool.dbos-typed-mypy.overrides]]` in a TOML
    file; `[dbos-typed-mypy]` and `[dbos-typed-mypy-shop.legacy.*]` with `disable = a, b` in an INI file.

    Raises ConfigError listing every unknown key and bad value.
    """
    if config_file is None:
        return Config()
    problems: list[str] = []
    try:
        text = Path(config_file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"cannot be read: {error}")
        text = ""
    # Mypy has parsed the file already, and parsing a long one takes longer than all else that the plugin does at first.
    config = Config()
    if SECTION in text:
        config = _from_toml(text, problems) if config_file.endswith(".toml") else _from_ini(text, problems)
    if problems:
        raise ConfigError("\n".join(f"{config_file}: {problem}" for problem in problems))
    return config


def _from_toml(text: str, problems: list[str]) -> Config:
    try:
        document = tomllib.loads(text)
    except ValueError as error:
        problems.append(f"cannot be read: {error}")
        return Config()
    except RecursionError:
        problems.append("cannot be read: it is nested too deeply")
        return Config()
    section: dict[str, Any] = document.get("tool", {}).get(SECTION, {})
    where = f"[tool.{SECTION}]"
    _refuse_unknown(section, {"enable", "disable", OVERRIDES}, where, problems)
    overrides: list[Override] = []
    entries = section.get(OVERRIDES, [])
    if not isinstance(entries, list):
        problems.append(f"{where}: overrides is an array of tables; write [[tool.{SECTION}.{OVERRIDES}]]")
        entries = []
    for entry in cast("list[object]", entries):
        table = f"[[tool.{SECTION}.{OVERRIDES}]]"
        if not isinstance(entry, dict):
            problems.append(f"{table}: {entry!r} is not a table")
            continue
        override = cast("dict[str, Any]", entry)
        _refuse_unknown(override, {"module", "disable"}, table, problems)
        module = override.get("module")
        if not isinstance(module, str):
            problems.append(f"{table}: module must be a name or pattern like 'shop.legacy.*', not {module!r}")
            continue
        overrides.append(Override(module=module, disable=_codes(override.get("disable", []), table, problems)))
    return Config(
        enable=_codes(section.get("enable", []), where, problems, "enable"),
        disable=_codes(section.get("disable", []), where, problems),
        overrides=tuple(overrides),
    )


def _from_ini(text: str, problems: list[str]) -> Config:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except IniError as error:
        problems.append(f"cannot be read: {error}")
        return Config()
    enable: frozenset[str] = frozenset()
    disable: frozenset[str] = frozenset()
    overrides: list[Override] = []
    for name in parser.sections():
        if name != SECTION and not name.startswith(f"{SECTION}-"):
            continue
        options = dict(parser[name])
        _refuse_unknown(options, {"enable", "disable"} if name == SECTION else {"disable"}, f"[{name}]", problems)
        codes = _codes(_listed(options, "disable"), f"[{name}]", problems)
        if name == SECTION:
            enable = _codes(_listed(options, "enable"), f"[{name}]", problems, "enable")
            disable = codes
        else:
            overrides.append(Override(module=name.removeprefix(f"{SECTION}-"), disable=codes))
    return Config(enable=enable, disable=disable, overrides=tuple(overrides))


def _listed(options: dict[str, str], key: str) -> list[str]:
    return [code.strip() for code in options.get(key, "").replace("\n", ",").split(",") if code.strip()]


def _refuse_unknown(section: dict[str, Any], known: set[str], where: str, problems: list[str]) -> None:
    problems.extend(
        f"{where}: unknown option {key!r}; the options are {', '.join(sorted(known))}"
        for key in sorted(section.keys() - known)
    )


def _codes(value: object, where: str, problems: list[str], key: str = "disable") -> frozenset[str]:
    known = {code.code for code in errorcodes.ALL}
    if not isinstance(value, list):
        problems.append(f"{where}: {key} is a list of error codes, not {value!r}")
        return frozenset()
    codes: set[str] = set()
    for code in cast("list[object]", value):
        if isinstance(code, str) and code in known:
            codes.add(code)
        else:
            problems.append(f"{where}: unknown error code {code!r} in {key}; the codes are {', '.join(sorted(known))}")
    return frozenset(codes)
