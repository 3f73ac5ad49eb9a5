"""What users write: the keys of a configuration, in code or in dbos-config.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from dbos_typed.config.serializers import Serializer


class DBOSConfig(TypedDict, total=False):
    """What `DBOS(config=...)` takes. Only `name` is required; None means the default."""

    name: str
    """The application's name."""
    database_url: str | None
    """The application's database, sqlite:/// or postgresql://; transactions run on it.

    Default: DBOS_DATABASE_URL, else the system database, else the file `<name>.sqlite` in the working directory.
    """
    system_database_url: str | None
    """Where workflows are stored. Default: DBOS_SYSTEM_DATABASE_URL, else the application's database."""
    sys_db_name: str | None
    """The system database by its name, on the server (or in the folder) of the application's database."""
    dbos_system_schema: str | None
    """The schema of the tables on PostgreSQL; default: dbos_typed."""
    app_db_pool_size: int | None
    """Connections to the application's database; default: db_pool_size."""
    sys_db_pool_size: int | None
    """Connections to the system database; default: db_pool_size. One database has one pool, of the larger size."""
    db_pool_size: int | None
    """Connections to each database; default 10."""
    db_engine_kwargs: Mapping[str, Any] | None
    """Further arguments of SQLAlchemy's create_engine."""
    database_timeout_seconds: float | None
    """How long a launch, and a call outside workflows without a timeout of its own, waits for a database that does not
    answer, before it raises DBOSDatabaseUnavailableError; default 60. Workflows wait for ever.
    """
    database_silence_seconds: float | None
    """After how long without an answer a PostgreSQL server is asked whether it still works on the statement; default 2.

    A connection that it does not know of is closed, and what was asked for is repeated on another one.
    """
    pooler: Literal["transaction", "session", "none"] | None
    """What stands between this process and a PostgreSQL server, such as PgBouncer in one of its modes.

    Default: it is found out at launch, and a pooler that is found counts as one in transaction mode.
    """
    listen_url: str | None
    """The system database without the pooler, on which notifications are listened for; default: no pooler, the system
    database; behind one in transaction mode, changes are looked for every second.
    """
    executor_id: str | None
    """Names this process to others; a living process has it for itself.

    Default: DBOS__VMID, else one that is drawn at each launch.
    """
    application_version: str | None
    """Workflows are recovered by executors of their version.

    Default: DBOS__APPVERSION, else computed from the workflows.
    """
    executor_timeout_seconds: float | None
    """How long an executor may give no sign of life before others continue its workflows; default 30."""
    relaunch_after_fork: bool | None
    """Whether a process that is forked after the launch launches for itself, at its first call; default: the call is
    refused. The child has an executor id of its own. Not with SQLite, whose files do not survive a fork.
    """
    retention_seconds: float | None
    """How long workflows are kept after they ended; default: for ever.

    Those that exceeded their recovery attempts are kept until they are resumed.
    """
    max_executor_threads: int | None
    """How many synchronous workflows run at one time; default 64. Waiting ones are not counted."""
    log_level: str | None
    """Of the logger `dbos_typed`; default INFO."""
    strict_replay: bool | None
    """Whether a replayed call with other arguments than recorded is an error; default: a warning."""
    on_input_conflict: Literal["raise", "warn"] | None
    """What starting an existing id with other inputs does; default: raise."""
    serializer: Serializer | None
    """Writes and reads what is stored, for example encrypted; default: it is JSON."""
    run_admin_server: bool | None
    """Whether to serve the admin HTTP interface; default: no."""
    admin_host: str | None
    """The address on which it is served; default 127.0.0.1, reachable from this machine only."""
    admin_port: int | None
    """The port on which it is served; default 3001. 0 takes any free one."""
    admin_token: str | None
    """The bearer token that it asks for; default: none is asked for."""
    admin_legacy: bool | None
    """Whether GET /deactivate deactivates, as POST does; default: no, it answers 405."""
    enable_otlp: bool | None
    """Whether to trace; default: when endpoints are given."""
    otlp_traces_endpoints: Sequence[str] | None
    """Collectors to which traces are sent."""
    otlp_logs_endpoints: Sequence[str] | None
    """Collectors to which logs are sent."""
    otlp_attributes: Mapping[str, str] | None
    """Attributes of every span and log record."""


class DatabaseConfig(TypedDict, total=False):
    """The section `database`: the databases by their parts. A database_url counts before it."""

    hostname: str | None
    """Default: localhost."""
    port: int | None
    """Default: 5432."""
    username: str | None
    """Default: postgres."""
    password: str | None
    """Default: PGPASSWORD, else dbos."""
    app_db_name: str | None
    """Default: made of the application's name."""
    sys_db_name: str | None
    app_db_pool_size: int | None
    sys_db_pool_size: int | None
    connectionTimeoutMillis: int | None
    ssl: bool | None
    """Whether the connection must be encrypted."""
    ssl_ca: str | None
    """The file of the certificate that signed the server's."""
    app_db_client: str | None
    """Accepted and not used."""
    migrate: Sequence[str] | None
    """Commands that bring the application's tables up to date; for the command line."""
    rollback: Sequence[str] | None


class RuntimeConfig(TypedDict, total=False):
    """The section `runtimeConfig`."""

    start: Sequence[str] | None
    """Commands that start the application; for the command line."""
    setup: Sequence[str] | None
    admin_port: int | None
    run_admin_server: bool | None
    entrypoints: Sequence[str] | None
    """Accepted and not used."""
    port: int | None
    """Accepted and not used."""


class LoggerConfig(TypedDict, total=False):
    """The section `telemetry.logs`."""

    logLevel: str | None
    addContextMetadata: bool | None
    """Accepted and not used."""
    silent: bool | None
    """Accepted and not used."""


class OTLPExporterConfig(TypedDict, total=False):
    """The section `telemetry.OTLPExporter`: one endpoint or several."""

    tracesEndpoint: str | Sequence[str] | None
    logsEndpoint: str | Sequence[str] | None


class TelemetryConfig(TypedDict, total=False):
    """The section `telemetry`."""

    logs: LoggerConfig | None
    OTLPExporter: OTLPExporterConfig | None


class ConfigFile(DBOSConfig, total=False):
    """What dbos-config.yaml holds: every key of DBOSConfig, and the older sections.

    A key of DBOSConfig counts before its counterpart in a section.
    """

    database: DatabaseConfig | None
    runtimeConfig: RuntimeConfig | None
    telemetry: TelemetryConfig | None
    env: Mapping[str, Any] | None
    """Environment variables that DBOS(config=…) sets; those without a value are left alone."""
    application: Any
    """The application's own configuration."""
    language: str | None
    """Accepted and not used."""
    version: str | None
    """Accepted and not used."""
    http: Any
    """Accepted and not used."""
