"""Which databases a configuration means."""

from typing import Any

import pytest

from dbos_typed.config import Settings, parse_database_url_to_dbconfig, read_config, sibling_database
from dbos_typed.error import DBOSInitializationError


def _read(environment: dict[str, str] | None = None, **config: Any) -> Settings:
    return read_config({"name": "my-shop", **config}, environment or {})


def _urls(environment: dict[str, str] | None = None, **config: Any) -> tuple[str, str]:
    settings = _read(environment, **config)
    return settings.database_url, settings.system_database_url


@pytest.mark.parametrize(
    ("config", "application", "system"),
    [
        ({}, "sqlite:///my-shop.sqlite", "sqlite:///my-shop.sqlite"),
        ({"database_url": "sqlite:///a.db"}, "sqlite:///a.db", "sqlite:///a.db"),
        ({"system_database_url": "sqlite:///s.db"}, "sqlite:///s.db", "sqlite:///s.db"),
        (
            {"database_url": "sqlite:///a.db", "system_database_url": "postgresql://h/s"},
            "sqlite:///a.db",
            "postgresql://h/s",
        ),
        ({"sys_db_name": "sys"}, "sqlite:///my-shop.sqlite", "sqlite:///sys.sqlite"),
        ({"database_url": "sqlite:////d/a.db", "sys_db_name": "s.db"}, "sqlite:////d/a.db", "sqlite:////d/s.db"),
        (
            {"database_url": "postgresql://u:p@h:1/a?sslmode=require", "sys_db_name": "my sys"},
            "postgresql://u:p@h:1/a?sslmode=require",
            "postgresql://u:p@h:1/my%20sys?sslmode=require",
        ),
    ],
)
def test_application_and_system_database(config: dict[str, Any], application: str, system: str) -> None:
    assert _urls(**config) == (application, system)
    assert _read(**config).has_one_database == (application == system)


def test_environment_names_what_the_configuration_does_not() -> None:
    environment = {"DBOS_DATABASE_URL": "sqlite:///env.db", "DBOS_SYSTEM_DATABASE_URL": "sqlite:///sys.db"}
    assert _urls(environment) == ("sqlite:///env.db", "sqlite:///sys.db")
    assert _urls(environment, database_url="sqlite:///a.db") == ("sqlite:///a.db", "sqlite:///sys.db")
    assert _urls(environment, system_database_url="sqlite:///b.db") == ("sqlite:///env.db", "sqlite:///b.db")


def test_section_of_parts_makes_a_url() -> None:
    database = {
        "hostname": "db.example.com",
        "port": 5433,
        "username": "ann",
        "password": "p@ss/word#1",
        "app_db_name": "shop db",
        "sys_db_name": "shop_sys",
        "app_db_pool_size": 3,
        "sys_db_pool_size": 4,
        "connectionTimeoutMillis": 3000,
        "ssl": True,
        "ssl_ca": "ca.pem",
    }
    settings = _read(database=database)
    login = "postgresql://ann:p%40ss%2Fword%231@db.example.com:5433"
    query = "connect_timeout=3&sslmode=require&sslrootcert=ca.pem"
    assert settings.database_url == f"{login}/shop%20db?{query}"
    assert settings.system_database_url == f"{login}/shop_sys?{query}"
    assert (settings.app_db_pool_size, settings.sys_db_pool_size) == (3, 4)
    assert settings.processed.get("database") == database


def test_missing_parts_have_defaults() -> None:
    given = {"hostname": "localhost"}
    assert _urls(database=given)[0] == "postgresql://postgres:dbos@localhost:5432/my_shop"
    assert _urls({"PGPASSWORD": "pw"}, database=given)[0] == "postgresql://postgres:pw@localhost:5432/my_shop"
    digits = read_config({"name": "2-go", "database": given}, {})
    assert digits.database_url.endswith("/_2_go")


def test_url_counts_before_parts_and_keeps_what_no_url_holds() -> None:
    database = {"hostname": "old", "password": "old", "migrate": ["alembic upgrade head"]}
    settings = _read(database=database, database_url="postgresql://u:new@h:7/takes_precedence")
    assert settings.database_url == "postgresql://u:new@h:7/takes_precedence"
    assert settings.processed.get("database") == {
        "hostname": "h",
        "port": 7,
        "username": "u",
        "password": "new",
        "app_db_name": "takes_precedence",
        "app_db_pool_size": 10,
        "sys_db_pool_size": 10,
        "migrate": ["alembic upgrade head"],
    }


def test_login_of_the_environment_replaces_that_of_the_url() -> None:
    environment = {"DBOS_DBHOST": "fake", "DBOS_DBPORT": "1234", "DBOS_DBUSER": "fu", "DBOS_DBPASSWORD": "fp"}
    assert _urls(environment, database_url="postgresql://u:p@h/d?sslmode=require")[0] == (
        "postgresql://fu:fp@fake:1234/d?sslmode=require"
    )
    assert _urls(environment)[0] == "postgresql://fu:fp@fake:1234/my_shop"
    assert _urls(environment, database_url="sqlite:///a.db")[0] == "sqlite:///a.db"
    with pytest.raises(DBOSInitializationError, match="DBOS_DBPORT is 'x'"):
        _urls({**environment, "DBOS_DBPORT": "x"})


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"name": "a/b"}, "slashes"),
        ({"database_url": "shop.sqlite"}, "must be a URL"),
        ({"database_url": "postgresql://u:p@h:port/d"}, "cannot be read"),
        ({"database": "postgres"}, "must be a mapping"),
        ({"database": {"port": "5432"}}, "'database.port' is '5432'"),
        ({"database": {"hostnam": "h"}}, "unknown key 'hostnam' in 'database': did you mean 'hostname'?"),
        ({"database": {"ssl": "yes"}}, "'database.ssl'"),
        ({"db_engine_kwargs": 3}, "must be a mapping"),
    ],
)
def test_wrong_databases_are_named(config: dict[str, Any], expected: str) -> None:
    with pytest.raises(DBOSInitializationError) as refused:
        _urls(**config)
    assert expected in str(refused.value)


def test_parts_of_a_url() -> None:
    url = "postgresql://user:complex%23password@host.with.dots/name?connect_timeout=7&sslmode=prefer&sslrootcert=ca.pem"
    assert parse_database_url_to_dbconfig(url) == {
        "hostname": "host.with.dots",
        "port": 5432,
        "username": "user",
        "password": "complex#password",
        "app_db_name": "name",
        "connectionTimeoutMillis": 7000,
        "ssl": False,
        "ssl_ca": "ca.pem",
    }
    assert parse_database_url_to_dbconfig("postgresql://u@h").get("app_db_name") is None
    with pytest.raises(ValueError, match="is no URL"):
        parse_database_url_to_dbconfig("invalid")


def test_sibling_of_a_url_with_a_driver() -> None:
    assert sibling_database("postgresql+psycopg://u:p@h:1/a", "b") == "postgresql+psycopg://u:p@h:1/b"
