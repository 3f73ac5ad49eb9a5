"""What a configuration shows of itself."""

import pytest

from dbos_typed.config import ConfigFile, masked, masked_text, read_config
from dbos_typed.error import DBOSInitializationError

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
    assert shown.get("env") == {"STRIPE_API_KEY": "***", "COLOUR": "green", "BROKER": "amqp://me:***@mq"}
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
    ],
)
def test_problems_show_no_secret(config: dict[str, object]) -> None:
    with pytest.raises(DBOSInitializationError) as refused:
        read_config(config, {})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p@ss@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u:p/ss@h/d", "postgresql://u:***@h/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://h/d?user=u&password=p", "postgresql://h/d?user=u&password=***"),
        ("sqlite:///shop.sqlite", "sqlite:///shop.sqlite"),
    ],
)
def test_urls_lose_their_passwords(text: str, shown: str) -> None:
    assert masked_text(text) == shown
