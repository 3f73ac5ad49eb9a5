"""Configuration files."""

import logging
import time
import traceback
from pathlib import Path

import pytest

from dbos_typed.config import files, get_dbos_database_url, load_config, process_config, read_config
from dbos_typed.error import DBOSInitializationError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(folder: Path, text: str) -> None:
    (folder / "dbos-config.yaml").write_text(text, encoding="utf-8")


FULL = """
name: some-app
language: python
runtimeConfig:
  start: ["python3 main.py"]
  admin_port: 8001
database:
  hostname: localhost
  port: ${DB_PORT}
  username: postgres
  password: ${DB_PASSWORD}
  app_db_name: some db
  connectionTimeoutMillis: 3000
env:
  foo: ${FOO}
  bob: ${UNSET}
  number: 123
  both: <${FOO}-${FOO}>
telemetry:
  logs: {logLevel: debug}
  OTLPExporter:
    logsEndpoint: fooLogs
    tracesEndpoint: fooTraces
"""


def test_placeholders_are_replaced_by_values_and_not_by_yaml(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PORT", "5433")
    monkeypatch.setenv("DB_PASSWORD", "0123")
    monkeypatch.setenv("FOO", "a: [b #c")
    _write(folder, FULL)
    config = load_config(run_process_config=False, silent=True)
    database = config.get("database") or {}
    assert (database.get("port"), database.get("password")) == (5433, "0123")
    assert config.get("env") == {"foo": "a: [b #c", "bob": None, "number": 123, "both": "<a: [b #c-a: [b #c>"}
    assert (config.get("telemetry") or {}).get("OTLPExporter") == {
        "logsEndpoint": ["fooLogs"],
        "tracesEndpoint": ["fooTraces"],
    }


def test_processed_file_has_everything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PORT", "5433")
    monkeypatch.setenv("DB_PASSWORD", "pw")
    _write(folder, FULL)
    config = load_config(silent=True)
    assert config.get("database_url") == "postgresql://postgres:pw@localhost:5433/some%20db?connect_timeout=3"
    assert config.get("admin_port") == 8001
    assert config.get("run_admin_server") is False
    assert config.get("log_level") == "DEBUG"
    assert config.get("otlp_traces_endpoints") == ["fooTraces"]
    assert config.get("language") == "python"
    assert get_dbos_database_url() == ("postgresql+psycopg://postgres:pw@localhost:5433/some%20db?connect_timeout=3")


def test_processing_twice_changes_nothing() -> None:
    once = process_config(data={"name": "shop", "database": {"hostname": "h", "sys_db_name": "s"}})
    assert process_config(data=once) == once


@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize(
    "line",
    [
        "database_url: ${UNSET}",
        "database_url: postgresql://u:${UNSET}@h/d",
        "database: {password: '${UNSET}'}",
        "admin_token: ${UNSET}",
        "otlp_traces_endpoints: ['${UNSET}']",
        "system_database_url: ${DOCKER_SECRET:UNSET}",
    ],
)
@pytest.mark.parametrize("silent", [False, True])
def test_unset_variable_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, value: str | None, line: str, silent: bool
) -> None:
    monkeypatch.setattr(files, "SECRETS_FOLDER", str(folder))
    monkeypatch.delenv("UNSET", raising=False)
    if value is not None:
        monkeypatch.setenv("UNSET", value)
        (folder / "UNSET").write_text(value, encoding="utf-8")
    _write(folder, f"name: shop\n{line}\n# ${{IN_A_COMMENT}}\n")
    with pytest.raises(DBOSInitializationError) as refused:
        load_config(silent=silent)
    assert "dbos-config.yaml" in str(refused.value)
    assert "'UNSET'" in str(refused.value)
    assert "IN_A_COMMENT" not in str(refused.value)


@pytest.mark.parametrize("section", ["env", "application"])
def test_unset_variable_is_warned_about_in_what_is_the_applications_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, section: str
) -> None:
    monkeypatch.delenv("UNSET", raising=False)
    _write(folder, f"name: shop\n{section}: {{a: '${{UNSET}}', b: ['x${{UNSET}}']}}\n")
    with caplog.at_level(logging.WARNING, logger="dbos_typed"):
        config = load_config(silent=True, run_process_config=False)
        assert caplog.text == ""
        load_config(run_process_config=False)
    assert config == {"name": "shop", section: {"a": None, "b": ["x"]}}
    assert "'UNSET'" in caplog.text


def test_docker_secret_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SECRETS_FOLDER", str(folder))
    (folder / "db_password").write_text("from a file\n", encoding="utf-8")
    # As Kubernetes lays them out.
    (folder / "..data").mkdir()
    (folder / "..data" / "linked").write_text("linked\n", encoding="utf-8")
    (folder / "linked").symlink_to(Path("..data", "linked"))
    _write(
        folder, "name: shop\ndatabase:\n  password: ${DOCKER_SECRET:db_password}\n  username: ${DOCKER_SECRET:linked}\n"
    )
    database = load_config(run_process_config=False, silent=True).get("database")
    assert database == {"password": "from a file", "username": "linked"}


@pytest.mark.parametrize(
    "name", ["/etc/hostname", "../outside", "inner/secret", "..", ".", "leading_out", "..data", "a\\b"]
)
@pytest.mark.parametrize("section", ["database", "env"])
def test_secrets_are_files_of_their_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, section: str
) -> None:
    secrets = folder / "secrets"
    (secrets / "inner").mkdir(parents=True)
    (secrets / "inner" / "secret").write_text("hunter2", encoding="utf-8")
    (folder / "outside").write_text("hunter2", encoding="utf-8")
    (secrets / "leading_out").symlink_to(folder / "outside")
    monkeypatch.setattr(files, "SECRETS_FOLDER", str(secrets))
    _write(folder, f"name: shop\n{section}: {{password: '${{DOCKER_SECRET:{name}}}'}}\n")
    with pytest.raises(DBOSInitializationError, match="is no file in") as refused:
        load_config(run_process_config=False, silent=True)
    assert "hunter2" not in str(refused.value)


BOMB = "name: shop\n" + "\n".join(
    f"a{number}: &a{number} [{', '.join(10 * [f'*a{number - 1}' if number else 'x'])}]" for number in range(12)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, "aliases repeat"),
        ("application: &a [*a]", "contains it"),
        ("application: &a {b: *a}", "contains it"),
        ("application: " + 20_000 * "[", "levels deep"),
        ("application: " + 60 * "[" + 60 * "]", "levels deep"),
        ("".join(f"{' ' * depth}a:\n" for depth in range(900)), "levels deep"),
        ("application: " + 5000 * "1", "its digits"),
        ("application: 2001-99-99", "its digits"),
        ("application: !!int hunter2", "its digits"),
        ("application: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("application: {? [a] : b}", "unhashable"),
        ("password: 'hunter2\nname: shop", "line"),
        ("a: hunter2: hunter2", "line 1, column"),
        ("name: \0", "special characters"),
        ("x" * 1_100_000, "more than 1000000 characters"),
    ],
)
def test_hostile_file_is_refused_at_once(folder: Path, text: str, expected: str) -> None:
    _write(folder, text if "name" in text or "application" not in text else f"name: shop\n{text}")
    begun = time.monotonic()
    with pytest.raises(DBOSInitializationError) as refused:
        load_config()
    assert time.monotonic() - begun < 10
    told = str(refused.value)
    assert expected in told
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))
    assert len(told) < 2000


@pytest.mark.parametrize("name", [200_000 * "${", f"placeholder{400_000 * 'x'}${{"])
def test_text_like_placeholders_is_read_at_once(folder: Path, name: str) -> None:
    _write(folder, f"name: {name}\n")
    begun = time.monotonic()
    assert load_config(run_process_config=False) == {"name": name}
    assert time.monotonic() - begun < 10


def test_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "dbos-config.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(DBOSInitializationError, match="cannot be read as YAML"):
        load_config()


def test_custom_path(folder: Path) -> None:
    (folder / "other.yaml").write_text("name: other\nsys_db_name: s\n", encoding="utf-8")
    assert load_config("other.yaml", run_process_config=False) == {"name": "other", "sys_db_name": "s"}


def test_missing_file_is_what_it_is(folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_config()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("just a text", "must contain a dictionary"),
        ("", "must contain a dictionary"),
        ("name: [", "cannot be read as YAML"),
        ("name: shop\ninvalid_field: 1\ndatabse: {}", "2 problems"),
        ("name: shop\nlog_level: LOUD", "'log_level' is 'LOUD'"),
        ("database: {}", "must specify an application name"),
    ],
)
def test_wrong_files_are_explained(folder: Path, text: str, expected: str) -> None:
    _write(folder, text)
    with pytest.raises(DBOSInitializationError) as refused:
        load_config()
    assert expected in str(refused.value)


def test_environment_section_counts_for_the_configuration_itself() -> None:
    settings = read_config({"name": "shop", "env": {"DBOS__VMID": "vm-7", "DBOS__APPID": "app"}}, {"DBOS__VMID": "vm"})
    assert (settings.executor_id, settings.application_id) == ("vm-7", "app")
