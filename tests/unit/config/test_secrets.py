"""What a configuration shows of itself."""

import logging
import traceback
from pathlib import Path
from urllib.parse import unquote

import pytest

from dbos_typed import DBOSClient
from dbos_typed.config import ConfigFile, load_config, masked, masked_text, read_config
from dbos_typed.config.urls import parse_database_url_to_dbconfig
from dbos_typed.error import DBOSInitializationError
from dbos_typed.storage.connecting import Access, connected, parse_url

SECRET = "hunter2"


def test_no_secret_is_shown() -> None:
    config = {
        "name": "shop",
        "database_url": f"postgresql://ann:{SECRET}@h/shop?application_name=x&sslpassword={SECRET}",
        "admin_token": SECRET,
        "env": {"STRIPE_API_KEY": SECRET, "COLOUR": "green", "BROKER": f"amqp://me:{SECRET}@mq"},
        "application": {"clients": [{"client_secret": SECRET, "url": "https://x"}]},
        "db_engine_kwargs": {"connect_args": {"password": SECRET}},
    }
    settings = read_config(config, {})
    assert SECRET not in repr(settings)
    shown = masked(settings.processed)
    assert SECRET not in repr(shown)
    assert shown.get("database_url") == "postgresql://ann:***@h/shop?application_name=x&sslpassword=***"
    assert shown.get("database") == {
        "hostname": "h",
        "port": 5432,
        "username": "ann",
        "password": "***",
        "app_db_name": "shop",
        "app_db_pool_size": 10,
        "sys_db_pool_size": 10,
    }
    assert shown.get("env") == {"STRIPE_API_KEY": "***", "COLOUR": "***", "BROKER": "***"}
    assert shown.get("application") == {"clients": [{"client_secret": "***", "url": "https://x"}]}
    assert settings.admin_token == SECRET


def test_masking_copies() -> None:
    config: ConfigFile = {"name": "shop", "admin_token": SECRET}
    masked(config)
    assert config == {"name": "shop", "admin_token": SECRET}


@pytest.mark.parametrize(
    "config",
    [
        {"name": "", "database_url": f"postgresql://u:{SECRET}@h:x/d"},
        {"database_url": f"u:{SECRET}@h", "admin_token": [SECRET]},
        {"name": "shop", "database": {"password": [SECRET]}},
        {"name": "shop", "database": f"postgresql://u:{SECRET}@h/d"},
        {"name": "shop", "database": [{"password": SECRET}]},
        {"name": "shop", "database_url": f"host=h password={SECRET} dbname=d"},
        {"name": "shop", "database_url": f"host=h password='{SECRET} \\' {SECRET}'"},
        {"name": "shop", "database_url": f"postgresql://u:{SECRET}"},
        {"name": "shop", "database_url": f"postgresql://u:x#[{SECRET}@h:port/d?password={SECRET}"},
        {"name": "shop", "listen_url": f"u:{SECRET}"},
        {"name": "shop", "env": [SECRET], "env ": 1, "application_version": {"token": SECRET}},
    ],
)
def test_problems_show_no_secret(config: dict[str, object]) -> None:
    with pytest.raises(DBOSInitializationError) as refused:
        read_config(config, {})
    assert SECRET not in str(refused.value)
    assert SECRET not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    "text",
    [
        f"database_url: postgresql://u:{SECRET}@h/d: x\n",
        f"password: '{SECRET}\nname: shop",
        f"password: [{SECRET}\n",
        f"port: !!int {SECRET}\n",
        f"password: {SECRET}\nname: \x07\n",
        f"password: {SECRET}\nname: " + "[" * 60 + "]" * 60,
        f"password: {SECRET}\nname: \udcff\n",
    ],
)
def test_file_that_cannot_be_read_leaves_nothing_in_its_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "dbos-config.yaml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DBOSInitializationError, match="cannot be read as YAML") as refused:
        load_config(str(file))
    assert SECRET not in str(refused.value)
    assert (refused.value.__cause__, refused.value.__context__) == (None, None)


def test_url_that_cannot_be_read_leaves_nothing_in_its_error() -> None:
    with pytest.raises(ValueError, match="cannot be read") as refused:
        parse_database_url_to_dbconfig(f"postgresql://u@h:{SECRET}/d")
    assert refused.value.__context__ is None
    with pytest.raises(DBOSInitializationError, match="cannot be read") as unread:
        parse_url(f"{SECRET}")
    assert (unread.value.__cause__, unread.value.__context__) == (None, None)


@pytest.mark.parametrize("variable", ["DBOS_DATABASE_URL", "DBOS_SYSTEM_DATABASE_URL"])
@pytest.mark.parametrize("given", [SECRET, f"host=h password={SECRET}", f"postgresql://u:{SECRET}@h:port/d"])
def test_problems_of_the_environment_show_no_secret(variable: str, given: str) -> None:
    with pytest.raises(DBOSInitializationError) as refused:
        DBOSClient(read_config({"name": "shop"}, {variable: given}).system_database_url)
    assert SECRET not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    "url",
    [
        f"host=h password={SECRET}",
        f"mysql://u:{SECRET}@h/d?password={SECRET}",
        f"sqlite://u:{SECRET}@/?password={SECRET}",
        f"postgresql://u:{SECRET}",
        f"postgresql://u:{SECRET}@127.0.0.1:1/d?sslpassword={SECRET}&sslmode=nonsense",
        f"postgresql://127.0.0.1:1/d?user=u&password={SECRET}&sslmode=nonsense",
        f"postgresql://u:x@{SECRET}/{SECRET}?#[@127.0.0.1:1/d?sslmode=nonsense",
        f"postgresql://u:{SECRET}@127.0.0.1:1,127.0.0.1:2/d?sslmode=nonsense",
        f"postgresql://u:{SECRET}@127.0.0.1:1/d?nonsense=1",
    ],
)
def test_database_that_cannot_be_opened_is_named_without_its_password(url: str) -> None:
    with pytest.raises(DBOSInitializationError) as refused:
        connected(url, Access(schema="s", pool_size=1), lambda _, __: None, logging.getLogger())
    assert SECRET not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    "password", ["p@ss", "p/ss", "p#ss", "p?ss", "p:ss", "p ss", "p[s]", "p%40ss", "p%ss", "p+ss", "\u00e4"]
)
def test_password_need_not_be_quoted(password: str) -> None:
    settings = read_config({"name": "shop", "database_url": f"postgresql://ann:{password}@one:5432/shop?a=b@c"}, {})
    meant = unquote(password)
    database = settings.processed.get("database") or {}
    assert (database.get("hostname"), database.get("password")) == ("one", meant)
    parsed = parse_url(settings.database_url)
    assert (parsed.username, parsed.password, parsed.host, parsed.database) == ("ann", meant, "one", "shop")
    several = parse_url(f"postgresql://ann:{password}@one:5432,two:5433/shop")
    assert (several.password, several.query["host"]) == (meant, ("one:5432", "two:5433"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p@ss@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p/ss@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://h/d?user=u&password=p", "postgresql://h/d?user=u&password=***"),
        ("postgresql://h:5432/d", "postgresql://h:5432/d"),
        ("postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d"),
        ("postgresql://u:p", "postgresql://u:***"),
        ("postgresql://u:p q'r@h/d", "postgresql://u:***@h/d"),
        ("not at postgresql://u:p'q@h/d, sorry", "not at postgresql://u:***@h/d, sorry"),
        ("postgresql://u:p@one:1,two:2/d?sslpassword=q&a=b", "postgresql://u:***@one:1,two:2/d?sslpassword=***&a=b"),
        ("host=h password=p dbname=d", "host=h password=*** dbname=d"),
        ("host=h password = 'p \\' q' dbname=d", "host=h password = *** dbname=d"),
        ("PGPASSWORD=p python main.py", "PGPASSWORD=*** python main.py"),
        ("sqlite:///shop.sqlite", "sqlite:///shop.sqlite"),
    ],
)
def test_urls_lose_their_passwords(text: str, shown: str) -> None:
    assert masked_text(text) == shown
