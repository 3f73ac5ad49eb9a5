"""The frozen settings that the runtime works with."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from dbos_typed.config.keys import ConfigFile
from dbos_typed.config.processing import processed
from dbos_typed.config.serializers import Serializer
from dbos_typed.config.values import Problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration with every default filled in. Its repr shows no secret."""

    name: str
    database_url: str = field(repr=False)
    """The application's database, on which transactions run."""
    system_database_url: str = field(repr=False)
    """Where workflows are stored; equal to `database_url` when one database holds both."""
    schema: str
    executor_id: str | None
    """None: each launch draws one."""
    application_version: str | None
    application_id: str | None
    executor_timeout_seconds: float
    relaunch_after_fork: bool
    database_timeout_seconds: float
    database_silence_seconds: float
    pooler: Literal["transaction", "session", "none"] | None
    """None: it is found out."""
    listen_url: str | None = field(repr=False)
    retention_seconds: float | None
    """None: workflows are kept for ever."""
    max_executor_threads: int
    app_db_pool_size: int
    sys_db_pool_size: int
    engine_options: Mapping[str, Any] = field(repr=False, hash=False)
    """Further arguments of SQLAlchemy's create_engine."""
    log_level: int
    strict_replay: bool
    on_input_conflict: Literal["raise", "warn"]
    serializer: Serializer | None = field(repr=False, hash=False)
    """None: what is stored is JSON."""
    run_admin_server: bool
    admin_host: str
    admin_port: int
    admin_token: str | None = field(repr=False)
    admin_legacy: bool
    """Whether GET changes at some places of the admin interface what POST does."""
    enable_otlp: bool
    otlp_traces_endpoints: tuple[str, ...] = field(repr=False)
    otlp_logs_endpoints: tuple[str, ...] = field(repr=False)
    otlp_attributes: Mapping[str, str] = field(repr=False, hash=False)
    processed: ConfigFile = field(repr=False, hash=False, compare=False)
    """The whole configuration with its defaults, secrets included; `masked` makes it fit to be shown."""

    @property
    def has_one_database(self) -> bool:
        """Whether transactions and workflows are stored in the same database."""
        return self.database_url == self.system_database_url


def read_config(config: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Settings:
    """Check a configuration and fill in the defaults.

    `environment` stands for the process's environment variables. DBOSInitializationError: lists every unknown key and
    every wrong value.
    """
    variables = dict(os.environ if environment is None else environment)
    problems = Problems()
    complete = processed(config, variables, problems)
    problems.check()
    # What the configuration sets counts for itself too.
    variables.update(environment_of(complete))
    given = cast("Mapping[str, Any]", complete)
    return Settings(
        name=given["name"],
        database_url=given["database_url"],
        system_database_url=given["system_database_url"],
        schema=given.get("dbos_system_schema") or "dbos_typed",
        executor_id=given.get("executor_id") or variables.get("DBOS__VMID") or None,
        application_version=given.get("application_version") or variables.get("DBOS__APPVERSION") or None,
        application_id=variables.get("DBOS__APPID") or None,
        executor_timeout_seconds=given["executor_timeout_seconds"],
        relaunch_after_fork=bool(given.get("relaunch_after_fork")),
        database_timeout_seconds=given["database_timeout_seconds"],
        database_silence_seconds=given["database_silence_seconds"],
        pooler=given.get("pooler"),
        listen_url=given.get("listen_url"),
        retention_seconds=given.get("retention_seconds"),
        max_executor_threads=given["max_executor_threads"],
        app_db_pool_size=given["app_db_pool_size"],
        sys_db_pool_size=given["sys_db_pool_size"],
        engine_options=given.get("db_engine_kwargs") or {},
        log_level=logging.getLevelNamesMapping()[given["log_level"]],
        strict_replay=bool(given.get("strict_replay")),
        on_input_conflict=given.get("on_input_conflict") or "raise",
        serializer=given.get("serializer"),
        run_admin_server=bool(given.get("run_admin_server")),
        admin_host=given["admin_host"],
        admin_port=given["admin_port"],
        admin_token=given.get("admin_token"),
        admin_legacy=bool(given.get("admin_legacy")),
        enable_otlp=bool(given.get("enable_otlp")),
        otlp_traces_endpoints=tuple(given.get("otlp_traces_endpoints") or ()),
        otlp_logs_endpoints=tuple(given.get("otlp_logs_endpoints") or ()),
        otlp_attributes=given.get("otlp_attributes") or {},
        processed=complete,
    )


def process_config(*, data: ConfigFile, silent: bool = False) -> ConfigFile:
    """The configuration with its defaults filled in, secrets included.

    `silent` is accepted and changes nothing: nothing is printed. DBOSInitializationError: lists every problem.
    """
    del silent
    problems = Problems()
    complete = processed(data, os.environ, problems)
    problems.check()
    return complete


def environment_of(config: ConfigFile) -> dict[str, str]:
    """The environment variables that the section `env` sets."""
    return {name: str(value) for name, value in (config.get("env") or {}).items() if value is not None}
