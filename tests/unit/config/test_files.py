"""Configuration files."""

import logging
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


def test_unset_variable_is_warned_about_unless_silent(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("UNSET", raising=False)
    _write(folder, "name: shop\ndatabase_url: ${UNSET}\n# ${IN_A_COMMENT}\n")
    with caplog.at_level(logging.WARNING, logger="dbos_typed"):
        config = load_config(silent=True)
        assert caplog.text == ""
        load_config()
    assert config.get("database_url") == "sqlite:///shop.sqlite"
    assert "'UNSET'" in caplog.text
    assert "IN_A_COMMENT" not in caplog.text


def test_docker_secret_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "SECRETS_FOLDER", str(folder))
    (folder / "db_password").write_text("from a file\n", encoding="utf-8")
    _write(folder, "name: shop\ndatabase:\n  password: ${DOCKER_SECRET:db_password}\n  ssl_ca: ${DOCKER_SECRET:none}\n")
    database = load_config(run_process_config=False, silent=True).get("database")
    assert database == {"password": "from a file", "ssl_ca": None}


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
