"""The plugin as mypy loads it: names, versions, options and what cached results depend on."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest
from mypy.api import run
from mypy.errors import CompileError
from mypy.options import Options
from mypy.plugin import ReportConfigContext

from dbos_gen.check.checker import Checker
from dbos_gen.sources.rule_overrides import Override
from dbos_gen.vocabulary.findings import Finding, Rule
from dbos_typed_mypy import errorcodes, fullnames, plugin
from dbos_typed_mypy.config import Config, ConfigError, load


def names() -> list[str]:
    found: list[str] = []
    for constant, value in vars(fullnames).items():
        if constant.isupper() and constant != "ASYNC_SUFFIX" and isinstance(value, str | tuple):
            found += [value] if isinstance(value, str) else value
    return found


@pytest.mark.parametrize("name", names())
def test_every_name_the_plugin_knows_exists(name: str) -> None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            resolved: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            # Not getattr: some class variables refuse to be read outside workflows.
            resolved = inspect.getattr_static(resolved, part)
        return
    pytest.fail(f"{name} does not exist")


def test_the_methods_that_the_plugin_knows_exist() -> None:
    handles, queue = importlib.import_module("dbos_typed.api.handles"), importlib.import_module("dbos_typed.api.queue")
    for method in fullnames.BLOCKING_ON_HANDLE:
        assert inspect.iscoroutinefunction(getattr(handles.WorkflowHandleAsync, method)) or callable(
            getattr(handles.WorkflowHandle, method)
        )
    for method in fullnames.STARTING_ON_QUEUE:
        assert callable(getattr(queue.Queue, method))


@pytest.mark.parametrize("version", ["1.19.0", "3.0.0", "unknown"])
def test_another_major_version_of_mypy_is_refused_naming_the_remedy(version: str) -> None:
    with pytest.raises(CompileError, match=rf"this is mypy {version}\. Install \"mypy>=2,<3\""):
        plugin(version)


def test_supported_versions_of_mypy_load() -> None:
    for version in ("2.0.0", "2.4.1", "2.9.0+dev.abc"):
        assert issubclass(plugin(version), object)


def config_file(directory: Path, name: str, text: str) -> str:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_options_come_from_toml_and_ini_alike(tmp_path: Path) -> None:
    expected = Config(
        enable=frozenset({"dbos-deterministic-log"}),
        disable=frozenset({"dbos-async"}),
        overrides=(Override(module="legacy.*", disable=frozenset({"dbos-context", "dbos-workflow"})),),
    )
    toml = """
        [tool.dbos-typed-mypy]
        enable = ["dbos-deterministic-log"]
        disable = ["dbos-async"]
        [[tool.dbos-typed-mypy.overrides]]
        module = "legacy.*"
        disable = ["dbos-context", "dbos-workflow"]
    """
    ini = """
[mypy]
strict = True
[dbos-typed-mypy]
enable = dbos-deterministic-log
disable = dbos-async
[dbos-typed-mypy-legacy.*]
disable =
    dbos-context
    dbos-workflow
"""
    assert load(config_file(tmp_path, "pyproject.toml", toml)) == expected
    assert load(config_file(tmp_path, "mypy.ini", ini)) == expected
    assert load(config_file(tmp_path, "empty.toml", "")) == load(None) == Config()


@pytest.mark.parametrize(
    ("module", "enabled"), [("legacy", False), ("legacy.a.b", False), ("legacy_new", True), ("app", True)]
)
def test_a_pattern_covers_a_package_and_what_is_in_it(module: str, *, enabled: bool) -> None:
    config = Config(overrides=(Override(module="legacy.*", disable=frozenset({"dbos-async"})),))
    assert config.is_enabled("dbos-async", module) is enabled
    assert config.is_enabled("dbos-context", module)


def test_every_problem_of_the_options_is_listed(tmp_path: Path) -> None:
    path = config_file(
        tmp_path,
        "pyproject.toml",
        """
        [tool.dbos-typed-mypy]
        disable = ["dbos-asnyc"]
        strict = true
        [[tool.dbos-typed-mypy.overrides]]
        disable = "dbos-async"
        [[tool.dbos-typed-mypy.overrides]]
        module = "a"
        disable = "dbos-async"
        """,
    )
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).splitlines() == [
        f"{path}: [tool.dbos-typed-mypy]: unknown option 'strict'; the options are disable, enable, overrides",
        f"{path}: [[tool.dbos-typed-mypy.overrides]]: module must be a name or pattern like 'shop.legacy.*', not None",
        f"{path}: [[tool.dbos-typed-mypy.overrides]]: disable is a list of error codes, not 'dbos-async'",
        (
            f"{path}: [tool.dbos-typed-mypy]: unknown error code 'dbos-asnyc' in disable; the codes are "
            "dbos-async, dbos-context, dbos-deterministic, dbos-deterministic-log, dbos-enqueue, dbos-event, "
            "dbos-serializable, dbos-stale, dbos-topic, dbos-workflow"
        ),
    ]


def options(path: str | None) -> Options:
    made = Options()
    made.config_file = path
    return made


def test_bad_options_end_the_run_with_their_problems(tmp_path: Path) -> None:
    path = config_file(tmp_path, "mypy.ini", "[dbos-typed-mypy]\ndisable = nothing\n")
    with pytest.raises(CompileError, match="unknown error code 'nothing'"):
        plugin("2.4.1")(options(path))


def test_cached_results_depend_on_the_options_and_on_the_plugin(tmp_path: Path) -> None:
    context = ReportConfigContext("module", "module.py", is_check=False)
    plain = plugin("2.4.1")(options(None)).report_config_data(context)
    path = config_file(tmp_path, "mypy.ini", "[dbos-typed-mypy]\ndisable = dbos-async\n")
    changed = plugin("2.4.1")(options(path)).report_config_data(context)
    assert plain == plugin("2.4.1")(options(None)).report_config_data(context)
    assert plain != changed
    assert len(plain) == 32


def test_every_rule_has_an_error_code() -> None:
    assert {code.code for code in errorcodes.ALL} == {rule.value for rule in Rule}


def test_a_mistake_in_a_rule_ends_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(checker: Checker, module: str) -> tuple[Finding, ...]:
        raise KeyError(module)

    monkeypatch.setattr(Checker, "check", fails)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "application.py").write_text("print()\n", encoding="utf-8")
    config = config_file(tmp_path, "mypy.ini", "[mypy]\nplugins = dbos_typed_mypy\n")
    output, errors, status = run(["--config-file", config, "--no-error-summary", "application.py"])
    assert (errors, status) == ("", 0)
    assert output == (
        "application.py:1: note: The rules of dbos_typed failed here (KeyError('application')) and found nothing; "
        "please report this\n"
    )
