"""The ``[tool.dbos-gen]`` table of pyproject.toml: read, checked, frozen."""

from __future__ import annotations

import difflib
import keyword
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from dbos_gen.sources.rule_options import RuleOptions, read_options
from dbos_gen.vocabulary.runtimes import RUNTIMES

_KEYS = ("modules", "output", "root", "runtime", "rules")
REFS_OF_DBOS = "_dbos_refs"
REFS_OF_TYPED = "dbos_typed.api.refs"
_KINDS = {
    "bool": "a boolean",
    "int": "a number",
    "float": "a number",
    "str": "a string",
    "list": "a list",
    "dict": "a table",
}
_EXAMPLE = """\
[tool.dbos-gen]
modules = ["shop.workflows", "shop.billing.*"]
output = "shop.generated"
"""


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` lists everything that is wrong with it."""

    def __init__(self, file: str, problems: tuple[str, ...]) -> None:
        self.file = file
        self.problems = problems
        super().__init__("\n".join([f"{file}: [tool.dbos-gen] cannot be used:", *(f"  - {p}" for p in problems)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Checked settings.

    ``file`` is the pyproject.toml, ``root`` the absolute folder that holds the modules, ``modules`` dotted names, globs
    or paths, ``output`` the dotted package that dbos-gen owns, ``runtime`` the package that the modules import DBOS
    from, ``rules`` what is chosen for ``dbos-gen check`` and the plugin of mypy.
    """

    file: Path
    root: Path
    modules: tuple[str, ...]
    output: str
    runtime: str = "dbos_typed"
    rules: RuleOptions = field(default_factory=RuleOptions)

    def with_enabled(self, codes: Iterable[str]) -> Config:
        """Return these settings with more codes of rules switched on."""
        return replace(self, rules=self.rules.with_codes(enable=codes))

    @property
    def project(self) -> Path:
        """The folder of pyproject.toml; paths in messages are relative to it."""
        return self.file.parent

    @property
    def refs(self) -> str:
        """The module that generated code imports its bases from."""
        return REFS_OF_TYPED if self.runtime == "dbos_typed" else f"{self.output}.{REFS_OF_DBOS}"

    @property
    def output_folder(self) -> Path:
        """The folder of the output package."""
        return self.root.joinpath(*self.output.split("."))


def find(start: Path) -> Path:
    """Return the nearest pyproject.toml with a ``[tool.dbos-gen]`` table, from ``start`` upwards.

    Raises ConfigError when there is none.
    """
    nearest: Path | None = None
    for folder in (start, *start.parents):
        candidate = folder / "pyproject.toml"
        if candidate.is_file():
            nearest = nearest or candidate
            if _table(candidate) is not None:
                return candidate
    if nearest is None:
        raise ConfigError(
            "pyproject.toml", (f"no pyproject.toml here or in a parent folder; write one with\n\n{_EXAMPLE}",)
        )
    raise ConfigError(nearest.name, (f"there is no such table; add\n\n{_EXAMPLE}",))


def nearest(start: Path) -> Path:
    """Return the pyproject.toml that ``find`` would, else the nearest one, else where one would be in ``start``."""
    try:
        return find(start)
    except ConfigError:
        files = (folder / "pyproject.toml" for folder in (start, *start.parents))
        return next((file for file in files if file.is_file()), start / "pyproject.toml")


def of_repository(start: Path) -> Path:
    """Return the nearest pyproject.toml upwards in the repository of a folder, else where one would be in it."""
    inside = [start, *start.parents]
    tops = [index for index, folder in enumerate(inside) if (folder / ".git").exists()]
    candidates = inside[: tops[0] + 1] if tops else [start]
    files = (folder / "pyproject.toml" for folder in candidates)
    return next((file for file in files if file.is_file()), start / "pyproject.toml")


def load(file: Path) -> Config:
    """Read and check the settings of one pyproject.toml; raises ConfigError naming every problem."""
    return _config(file, _table(file))


def check(file: Path, text: str, *, advice: str) -> None:
    """Raise ConfigError when a pyproject.toml could not be used if it had this text; ``advice`` is the table in it."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        because = f"the table cannot stand at the end of the file ({error}); write it by hand\n\n{advice}"
        raise ConfigError(file.name, (because,)) from error
    _config(file, _table_of(file, text))


def _config(file: Path, table: dict[str, object] | None) -> Config:
    if table is None:
        raise ConfigError(file.name, (f"there is no such table; add\n\n{_EXAMPLE}",))
    problems = [_unknown(key) for key in table if key not in _KEYS]
    root = _root(file, table, problems)
    modules = _modules(table, problems)
    output = _output(table, problems)
    runtime = _runtime(table, problems)
    rules = read_options(table.get("rules"), problems)
    if problems:
        raise ConfigError(file.name, tuple(problems))
    return Config(file=file, root=root, modules=modules, output=output, runtime=runtime, rules=rules)


def load_for_rules(file: Path) -> Config:
    """Read what the rules need of one pyproject.toml: all of it may be missing, even the table.

    ``modules`` and ``output`` are empty where they are not given. Raises ConfigError naming every problem.
    """
    table = (_table(file) if file.is_file() else None) or {}
    problems = [_unknown(key) for key in table if key not in _KEYS]
    config = Config(
        file=file,
        root=_root(file, table, problems),
        modules=_modules(table, problems) if "modules" in table else (),
        output=_output(table, problems) if "output" in table else "",
        runtime=_runtime(table, problems),
        rules=read_options(table.get("rules"), problems),
    )
    if problems:
        raise ConfigError(file.name, tuple(problems))
    return config


def has_settings(file: Path) -> bool:
    """Whether the ``[tool.dbos-gen]`` table of a pyproject.toml says more than rules.

    Raises ConfigError when the file is not TOML.
    """
    table = _table(file)
    return table is not None and not (table and table.keys() <= {"rules"})


def _table(file: Path) -> dict[str, object] | None:
    try:
        return _table_of(file, file.read_bytes().decode())
    except OSError as error:
        raise ConfigError(str(file), (f"the file cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise ConfigError(file.name, (f"the file is not valid TOML: {error}",)) from error


def _table_of(file: Path, text: str) -> dict[str, object] | None:
    try:
        document: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(file.name, (f"the file is not valid TOML: {error}",)) from error
    except RecursionError as error:
        raise ConfigError(file.name, ("the file cannot be read as TOML: it is nested too deeply",)) from error
    except ValueError as error:
        raise ConfigError(file.name, (f"the file cannot be read as TOML: {error}",)) from error
    tool = document.get("tool")
    if not isinstance(tool, dict):
        return None
    table = cast("dict[str, object]", tool).get("dbos-gen")
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigError(file.name, ("`dbos-gen` is not a table; write it as [tool.dbos-gen]",))
    return cast("dict[str, object]", table)


def _unknown(key: str) -> str:
    close = difflib.get_close_matches(key, _KEYS, n=1)
    advice = f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(_KEYS)}"
    return f"unknown key `{key}`; {advice}"


def _root(file: Path, table: dict[str, object], problems: list[str]) -> Path:
    value = table.get("root", ".")
    if not isinstance(value, str):
        problems.append(f"`root` is {_kind(value)}; give the folder of your packages as a string, for example 'src'")
        return file.parent
    root = (file.parent / value).resolve()
    if not root.is_dir():
        problems.append(f"`root` is '{value}', which is not a folder; give the folder that holds your packages")
    return root


def _modules(table: dict[str, object], problems: list[str]) -> tuple[str, ...]:
    value = table.get("modules")
    if value is None:
        problems.append("`modules` is missing; list the modules that define workflows, for example ['shop.workflows']")
        return ()
    if not isinstance(value, list):
        problems.append(f"`modules` is {_kind(value)}; give a list, for example ['shop.workflows', 'shop.billing.*']")
        return ()
    entries = cast("list[object]", value)
    if not entries:
        problems.append("`modules` is empty; list the modules that define workflows")
    found: list[str] = []
    for index, entry in enumerate(entries):
        if not isinstance(entry, str):
            problems.append(f"`modules[{index}]` is {_kind(entry)}; give a dotted name, a glob or a path")
        elif not is_path(entry) and not _is_dotted_glob(entry):
            problems.append(
                f"`modules[{index}]` is '{entry}', neither a dotted name or glob "
                "('shop.billing.*') nor a path ('shop/flows.py')"
            )
        else:
            found.append(entry)
    return tuple(dict.fromkeys(found))


def is_path(entry: str) -> bool:
    """Whether an entry of ``modules`` is a path rather than a dotted name."""
    return "/" in entry or "\\" in entry or entry.endswith(".py")


def _is_dotted_glob(entry: str) -> bool:
    parts = entry.split(".")
    wild = "*?[]!"
    return all(part and (part.isidentifier() or any(char in part for char in wild)) for part in parts) and not any(
        char.isspace() for char in entry
    )


def _output(table: dict[str, object], problems: list[str]) -> str:
    value = table.get("output")
    if value is None:
        problems.append("`output` is missing; name the package to generate, for example 'shop.generated'")
        return ""
    if not isinstance(value, str):
        problems.append(f"`output` is {_kind(value)}; give a dotted package name, for example 'shop.generated'")
        return ""
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in value.split(".")):
        problems.append(f"`output` is '{value}', not a dotted package name such as 'shop.generated'")
    return value


def _runtime(table: dict[str, object], problems: list[str]) -> str:
    value = table.get("runtime", RUNTIMES[0])
    if not isinstance(value, str):
        problems.append(f"`runtime` is {_kind(value)}; give the package that your modules import DBOS from as a string")
    elif value not in RUNTIMES:
        problems.append(f"`runtime` is '{value}'; give one of {', '.join(RUNTIMES)}")
    else:
        return value
    return RUNTIMES[0]


def _kind(value: object) -> str:
    name = type(value).__name__
    return _KINDS.get(name, f"of type {name}")
