"""The configuration: what users write, and the frozen settings that the runtime works with."""

from dbos_typed.config.files import DBOS_CONFIG_PATH, get_dbos_database_url, load_config
from dbos_typed.config.keys import ConfigFile, DatabaseConfig, DBOSConfig, RuntimeConfig, TelemetryConfig
from dbos_typed.config.masking import is_secret_name, masked, masked_text, masked_url
from dbos_typed.config.serializers import Serializer
from dbos_typed.config.settings import Settings, environment_of, process_config, read_config
from dbos_typed.config.urls import (
    parse_database_url_to_dbconfig,
    sibling_database,
    with_hosts_in_query,
    with_quoted_login,
)

__all__ = [
    "DBOS_CONFIG_PATH",
    "ConfigFile",
    "DBOSConfig",
    "DatabaseConfig",
    "RuntimeConfig",
    "Serializer",
    "Settings",
    "TelemetryConfig",
    "environment_of",
    "get_dbos_database_url",
    "is_secret_name",
    "load_config",
    "masked",
    "masked_text",
    "masked_url",
    "parse_database_url_to_dbconfig",
    "process_config",
    "read_config",
    "sibling_database",
    "with_hosts_in_query",
    "with_quoted_login",
]
