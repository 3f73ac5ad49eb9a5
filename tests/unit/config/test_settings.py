"""Settings: defaults, the environment, and every problem at once."""

import logging
from typing import Any

import pytest

from dbos_typed.config import read_config
from dbos_typed.error import DBOSInitializationError


def test_name_alone_is_enough() -> None:
    settings = read_config({"name": "shop"}, {})
    assert settings.database_url == "sqlite:///shop.sqlite"
    assert settings.schema == "dbos_typed"
    assert settings.application_version is None
    assert settings.log_level == logging.INFO
    assert settings.strict_replay is False
    assert settings.on_input_conflict == "raise"
    assert settings.max_executor_threads > 0


def test_configuration_wins_over_the_environment() -> None:
    environment = {"DBOS__VMID": "machine", "DBOS__APPVERSION": "7"}
    from_environment = read_config({"name": "shop"}, environment)
    assert (from_environment.executor_id, from_environment.application_version) == ("machine", "7")
    given = read_config({"name": "shop", "executor_id": "here", "application_version": "8"}, environment)
    assert (given.executor_id, given.application_version) == ("here", "8")


def test_none_stands_for_the_default() -> None:
    given = read_config({"name": "shop", "log_level": None, "strict_replay": None}, {})
    assert given == read_config({"name": "shop"}, {})


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, "'name' is missing"),
        ({"name": "shop", "nmae": "x"}, "did you mean 'name'?"),
        ({"name": "shop", "database_url": 7}, "'database_url' is 7"),
        ({"name": "shop", "max_executor_threads": True}, "'max_executor_threads' is True"),
        ({"name": "shop", "log_level": "LOUD"}, "it must be one of"),
        ({"name": "shop", "strict_replay": 1}, "True or False"),
        ({"name": "shop", "on_input_conflict": "maybe"}, "'raise' or 'warn'"),
        ({"name": "shop", "dbos_system_schema": "a b"}, "letters, digits and underscores"),
    ],
)
def test_problem_names_the_key_and_what_to_write(config: dict[str, Any], expected: str) -> None:
    with pytest.raises(DBOSInitializationError) as refused:
        read_config(config, {})
    assert expected in str(refused.value)
    assert "1 problem" in str(refused.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(DBOSInitializationError, match="3 problems") as refused:
        read_config({"databse_url": "x", "log_level": "LOUD"}, {})
    assert str(refused.value).count("\n  - ") == 3
