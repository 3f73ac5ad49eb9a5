"""From what users write to a complete configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from dbos_typed.config.keys import (
    ConfigFile,
    DatabaseConfig,
    LoggerConfig,
    OTLPExporterConfig,
    RuntimeConfig,
    TelemetryConfig,
)
from dbos_typed.config.urls import (
    is_postgres,
    parse_database_url_to_dbconfig,
    postgres_url,
    sibling_database,
    with_login_of_environment,
)
from dbos_typed.config.values import (
    Problems,
    Section,
    boolean,
    identifier,
    log_level,
    mapping,
    pooler,
    port,
    positive,
    reaction,
    seconds,
    serializer,
    text,
    text_mapping,
    texts,
    url,
    variables_of,
)

DEFAULT_THREADS = 64
DEFAULT_POOL_SIZE = 10
DEFAULT_EXECUTOR_TIMEOUT_SECONDS = 30.0
DEFAULT_DATABASE_TIMEOUT_SECONDS = 60.0
DEFAULT_DATABASE_SILENCE_SECONDS = 2.0
DEFAULT_ADMIN_HOST = "127.0.0.1"
DEFAULT_ADMIN_PORT = 3001
_LOGIN_KEYS = ("hostname", "port", "username", "password", "app_db_name")


def processed(config: Mapping[str, Any], environment: Mapping[str, str], problems: Problems) -> ConfigFile:
    """The configuration with its defaults; what is wrong with it goes to `problems`."""
    top = Section(config, ConfigFile.__annotations__, problems)
    name = top.value("name", text)
    if config.get("name") is None:
        problems.add("'name' is missing: the configuration must specify an application name")
    database = _database_section(top)
    complete = ConfigFile(name=name or "")
    _add_engine(complete, top, database)
    _add_databases(complete, top, database, environment, problems)
    _add_admin(complete, top)
    _add_telemetry(complete, top)
    for key in ("application", "language", "version", "http"):
        if key in top:
            cast("dict[str, Any]", complete)[key] = config[key]
    variables = top.value("env", variables_of)
    if variables is not None:
        complete["env"] = variables
    return complete


def _database_section(top: Section) -> DatabaseConfig:
    section = top.section("database", DatabaseConfig.__annotations__)
    readers: dict[str, Any] = {
        "hostname": text,
        "port": port,
        "username": text,
        "password": text,
        "app_db_name": _text_or_none,
        "sys_db_name": text,
        "app_db_pool_size": positive,
        "sys_db_pool_size": positive,
        "connectionTimeoutMillis": positive,
        "ssl": boolean,
        "ssl_ca": text,
        "app_db_client": text,
        "migrate": texts,
        "rollback": texts,
    }
    found = {key: section.value(key, read) for key, read in readers.items()}
    return cast("DatabaseConfig", {key: value for key, value in found.items() if value is not None})


def _text_or_none(given: object) -> str | None:
    return None if given == "" else text(given)


# --- databases --------------------------------------------------------------------------------------------------------


def _add_databases(
    complete: ConfigFile, top: Section, database: DatabaseConfig, environment: Mapping[str, str], problems: Problems
) -> None:
    given = top.value("database_url", url)
    system = top.value("system_database_url", url)
    system_name = top.value("sys_db_name", text) or database.get("sys_db_name")
    name = complete.get("name", "")
    if given is None and any(key in database for key in _LOGIN_KEYS):
        given = postgres_url(_with_defaults(database, name, environment))
    given = given or _of_environment("DBOS_DATABASE_URL", environment, problems)
    if given is None and environment.get("DBOS_DBHOST"):
        given = postgres_url(_with_defaults({}, name, environment))
    if given is None and system is None and system_name is None:
        # Only now: a system database that is named in code counts before an application database of the environment.
        system = _of_environment("DBOS_SYSTEM_DATABASE_URL", environment, problems)
    application = given or system or _default_file(name, problems)
    try:
        application = with_login_of_environment(application, environment)
    except ValueError:
        problems.add(f"the environment variable DBOS_DBPORT is {environment.get('DBOS_DBPORT')!r}: it must be a number")
    if system is None and system_name is not None:
        system = sibling_database(application, system_name)
    system = system or _of_environment("DBOS_SYSTEM_DATABASE_URL", environment, problems) or application
    complete["database_url"] = application
    complete["system_database_url"] = system
    _add_parts(complete, database, application, system_name, problems)


def _of_environment(variable: str, environment: Mapping[str, str], problems: Problems) -> str | None:
    """The URL that an environment variable holds, if it holds one; it is not shown when it is wrong."""
    given = environment.get(variable)
    if not given:
        return None
    try:
        return url(given)
    except ValueError as error:
        problems.add(f"the environment variable {variable} cannot be used: {error}")
        return None


def _add_parts(
    complete: ConfigFile, database: DatabaseConfig, application: str, system_name: str | None, problems: Problems
) -> None:
    """The section `database` of the result: the parts of the URL, and what no URL holds."""
    parts = DatabaseConfig()
    if is_postgres(application):
        try:
            parts = parse_database_url_to_dbconfig(application)
        except ValueError as error:
            problems.add(f"the URL of the application's database cannot be read: {error}")
    kept = {key: value for key, value in database.items() if key not in _LOGIN_KEYS and not key.startswith("ssl")}
    merged = cast("DatabaseConfig", {**kept, **parts})
    if system_name is not None:
        merged["sys_db_name"] = system_name
    if parts:
        merged["app_db_pool_size"] = complete.get("app_db_pool_size")
        merged["sys_db_pool_size"] = complete.get("sys_db_pool_size")
    if merged:
        complete["database"] = merged


def _with_defaults(database: DatabaseConfig, name: str, environment: Mapping[str, str]) -> DatabaseConfig:
    parts = database.copy()
    parts["password"] = database.get("password") or environment.get("PGPASSWORD") or "dbos"
    parts["app_db_name"] = database.get("app_db_name") or _database_name(name)
    return parts


def _database_name(name: str) -> str:
    """An application's name as the name of a database."""
    usable = re.sub(r"\W", "_", name)
    return f"_{usable}" if usable[:1].isdigit() else usable


def _default_file(name: str, problems: Problems) -> str:
    if re.search(r"[/\\?#]", name) or name in (".", ".."):
        problems.add(
            f"'name' is {name!r} and would name the SQLite file in which the application is stored: give it a name "
            "without slashes, question marks and number signs, or give a database_url"
        )
    return f"sqlite:///{name}.sqlite"


# --- the rest ---------------------------------------------------------------------------------------------------------


def _add_engine(complete: ConfigFile, top: Section, database: DatabaseConfig) -> None:
    size = top.value("db_pool_size", positive)
    application = top.value("app_db_pool_size", positive) or database.get("app_db_pool_size") or size
    system = top.value("sys_db_pool_size", positive) or database.get("sys_db_pool_size") or size
    complete["app_db_pool_size"] = application or DEFAULT_POOL_SIZE
    complete["sys_db_pool_size"] = system or DEFAULT_POOL_SIZE
    timeout = top.value("executor_timeout_seconds", seconds)
    complete["executor_timeout_seconds"] = timeout or DEFAULT_EXECUTOR_TIMEOUT_SECONDS
    patience = top.value("database_timeout_seconds", seconds)
    complete["database_timeout_seconds"] = patience or DEFAULT_DATABASE_TIMEOUT_SECONDS
    silence = top.value("database_silence_seconds", seconds)
    complete["database_silence_seconds"] = silence or DEFAULT_DATABASE_SILENCE_SECONDS
    complete["max_executor_threads"] = top.value("max_executor_threads", positive) or DEFAULT_THREADS
    readers: dict[str, Any] = {
        "dbos_system_schema": identifier,
        "db_engine_kwargs": mapping,
        "pooler": pooler,
        "listen_url": url,
        "executor_id": text,
        "application_version": text,
        "retention_seconds": seconds,
        "relaunch_after_fork": boolean,
        "strict_replay": boolean,
        "on_input_conflict": reaction,
        "serializer": serializer,
        "admin_token": text,
        "admin_legacy": boolean,
        "otlp_attributes": text_mapping,
    }
    for key, read in readers.items():
        value = top.value(key, read)
        if value is not None:
            cast("dict[str, Any]", complete)[key] = value


def _add_admin(complete: ConfigFile, top: Section) -> None:
    section = top.section("runtimeConfig", RuntimeConfig.__annotations__)
    is_served = top.value("run_admin_server", boolean)
    in_section = section.value("run_admin_server", boolean)
    admin_port = top.value("admin_port", port)
    port_in_section = section.value("admin_port", port)
    complete["run_admin_server"] = bool(in_section if is_served is None else is_served)
    complete["admin_host"] = top.value("admin_host", text) or DEFAULT_ADMIN_HOST
    if admin_port is None:
        admin_port = DEFAULT_ADMIN_PORT if port_in_section is None else port_in_section
    complete["admin_port"] = admin_port
    runtime = RuntimeConfig(run_admin_server=complete["run_admin_server"], admin_port=admin_port)
    start = section.value("start", texts)
    if start is not None:
        runtime["start"] = start
    setup = section.value("setup", texts)
    if setup is not None:
        runtime["setup"] = setup
    complete["runtimeConfig"] = runtime


def _add_telemetry(complete: ConfigFile, top: Section) -> None:
    section = top.section("telemetry", TelemetryConfig.__annotations__)
    logs = section.section("logs", LoggerConfig.__annotations__)
    exporter = section.section("OTLPExporter", OTLPExporterConfig.__annotations__)
    in_section = logs.value("logLevel", log_level)
    complete["log_level"] = top.value("log_level", log_level) or in_section or "INFO"
    traces = [*(top.value("otlp_traces_endpoints", texts) or ()), *(exporter.value("tracesEndpoint", texts) or ())]
    log_endpoints = [*(top.value("otlp_logs_endpoints", texts) or ()), *(exporter.value("logsEndpoint", texts) or ())]
    is_enabled = top.value("enable_otlp", boolean)
    complete["otlp_traces_endpoints"] = traces
    complete["otlp_logs_endpoints"] = log_endpoints
    complete["enable_otlp"] = bool(traces or log_endpoints) if is_enabled is None else is_enabled
    complete["telemetry"] = TelemetryConfig(
        logs=LoggerConfig(logLevel=complete["log_level"]),
        OTLPExporter=OTLPExporterConfig(tracesEndpoint=traces, logsEndpoint=log_endpoints),
    )
