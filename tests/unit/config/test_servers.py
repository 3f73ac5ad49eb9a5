"""How long the servers of databases are waited for, what stands before them, and that there may be several."""

from typing import Any

import psycopg
import pytest

from dbos_typed.config import parse_database_url_to_dbconfig, read_config, sibling_database, with_hosts_in_query
from dbos_typed.config.urls import with_first_host
from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage.connecting import parse_url

HOSTS = "postgresql://ann:p%40ss@one:5432,two:5433/shop?sslmode=require"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (HOSTS, "postgresql://ann:p%40ss@/shop?host=one:5432&host=two:5433&sslmode=require"),
        ("postgresql://one,two/shop", "postgresql:///shop?host=one&host=two"),
        ("postgres://ann@one,two,three/shop", "postgres://ann@/shop?host=one&host=two&host=three"),
        ("postgresql+psycopg://one,two/shop", "postgresql+psycopg:///shop?host=one&host=two"),
        ("postgresql://[::1]:5432,[::2]:5432/shop", "postgresql:///shop?host=[::1]:5432&host=[::2]:5432"),
        ("postgresql://ann@one:1,two:2", "postgresql://ann@?host=one:1&host=two:2"),
        ("postgresql://one,two?sslrootcert=/ca.pem", "postgresql://?host=one&host=two&sslrootcert=/ca.pem"),
        # What is not of several hosts is left as it is.
        ("postgresql://ann:p%40ss@one:5432/shop", "postgresql://ann:p%40ss@one:5432/shop"),
        ("postgresql:///shop?host=one&host=two", "postgresql:///shop?host=one&host=two"),
        ("postgresql://ann:a,b@one/shop", "postgresql://ann:a,b@one/shop"),
        ("postgresql://one/shop,two", "postgresql://one/shop,two"),
        ("sqlite:///one,two.sqlite", "sqlite:///one,two.sqlite"),
        ("sqlite:////a,b/shop.sqlite", "sqlite:////a,b/shop.sqlite"),
        ("no url, at all", "no url, at all"),
    ],
)
def test_hosts_are_put_where_sqlalchemy_looks_for_them(url: str, expected: str) -> None:
    assert with_hosts_in_query(url) == expected
    # A second time it changes nothing.
    assert with_hosts_in_query(expected) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (HOSTS, "postgresql://ann:p%40ss@one:5432/shop?sslmode=require"),
        ("postgresql://one,two/shop", "postgresql://one/shop"),
        ("postgresql://ann:a,b@one:1,two:2/shop,too", "postgresql://ann:a,b@one:1/shop,too"),
        ("postgresql://one:5432/shop", "postgresql://one:5432/shop"),
        ("postgresql://one:1,two:2", "postgresql://one:1"),
        ("postgresql://one,two?sslrootcert=/ca.pem", "postgresql://one?sslrootcert=/ca.pem"),
    ],
)
def test_first_of_several_hosts(url: str, expected: str) -> None:
    assert with_first_host(url) == expected


def test_url_of_several_hosts_is_read() -> None:
    settings = read_config({"name": "shop", "database_url": HOSTS}, {})
    assert settings.database_url == HOSTS
    assert settings.has_one_database
    parts = parse_database_url_to_dbconfig(HOSTS)
    assert (parts.get("hostname"), parts.get("port"), parts.get("app_db_name")) == ("one", 5432, "shop")
    assert sibling_database(HOSTS, "sys") == "postgresql://ann:p%40ss@one:5432,two:5433/sys?sslmode=require"
    named = read_config({"name": "shop", "database_url": HOSTS, "sys_db_name": "sys"}, {})
    assert parse_url(named.system_database_url).database == "sys"


def test_host_of_the_environment_replaces_all_of_several() -> None:
    settings = read_config({"name": "shop", "database_url": HOSTS}, {"DBOS_DBHOST": "fake"})
    assert settings.database_url == "postgresql://ann:p%40ss@fake:5432/shop?sslmode=require"


def test_parsed_url_of_several_hosts_is_one_with_which_the_driver_connects_to_each_in_turn() -> None:
    parsed = parse_url(HOSTS)
    assert (parsed.drivername, parsed.username, parsed.password) == ("postgresql+psycopg", "ann", "p@ss")
    assert parsed.database == "shop"
    assert parsed.query == {"host": ("one:5432", "two:5433"), "sslmode": "require"}
    _, arguments = parsed.get_dialect()().create_connect_args(parsed)
    attempts = psycopg.conninfo.conninfo_to_dict(**{key: str(value) for key, value in arguments.items()})
    assert (attempts["host"], attempts["port"]) == ("one,two", "5432,5433")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (60.0, 2.0, None, None)),
        ({"database_timeout_seconds": 2.5, "database_silence_seconds": 1}, (2.5, 1.0, None, None)),
        ({"pooler": "transaction"}, (60.0, 2.0, "transaction", None)),
        ({"pooler": "session"}, (60.0, 2.0, "session", None)),
        ({"pooler": "none"}, (60.0, 2.0, "none", None)),
        ({"listen_url": "postgresql://direct/shop"}, (60.0, 2.0, None, "postgresql://direct/shop")),
        ({"database_timeout_seconds": None, "pooler": None, "listen_url": None}, (60.0, 2.0, None, None)),
    ],
)
def test_patience_and_pooler(given: dict[str, Any], expected: tuple[Any, ...]) -> None:
    settings = read_config({"name": "shop", **given}, {})
    assert (
        settings.database_timeout_seconds,
        settings.database_silence_seconds,
        settings.pooler,
        settings.listen_url,
    ) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"database_timeout_seconds": 0},
        {"database_timeout_seconds": -1},
        {"database_timeout_seconds": "60"},
        {"database_timeout_seconds": True},
        {"database_timeout_seconds": float("nan")},
        {"database_silence_seconds": 0},
        {"database_silence_seconds": "soon"},
        {"pooler": "statement"},
        {"pooler": True},
        {"listen_url": 5432},
        {"listen_url": "shop"},
    ],
    ids=str,
)
def test_wrong_value_is_named(given: dict[str, Any]) -> None:
    with pytest.raises(DBOSInitializationError) as refused:
        read_config({"name": "shop", **given}, {})
    (key,) = given
    assert f"'{key}' is " in str(refused.value)
    assert "1 problem" in str(refused.value)


def test_login_of_the_listening_url_is_shown_nowhere() -> None:
    settings = read_config({"name": "shop", "listen_url": "postgresql://ann:sesame@direct/shop"}, {})
    assert "sesame" not in repr(settings)
