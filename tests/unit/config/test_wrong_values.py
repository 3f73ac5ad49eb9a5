"""Values of a configuration that are of no use: told with their key, and never with a secret."""

from pathlib import PurePosixPath

import pytest

from dbos_typed.config import read_config
from dbos_typed.error import DBOSInitializationError

SECRET = "hunter2"
_URL = f"postgresql://ann:{SECRET}@h/shop"


class _Url:
    def __repr__(self) -> str:
        return _URL


@pytest.mark.parametrize(
    "given",
    [
        _URL.encode(),
        bytearray(_URL.encode()),
        PurePosixPath(_URL),
        _Url(),
        [_URL.encode()],
        {"url": _Url()},
        {_URL.encode(): 1},
        {_URL.encode()},
    ],
)
def test_a_url_of_another_type_is_not_shown(given: object) -> None:
    with pytest.raises(DBOSInitializationError, match="'database_url' is ") as error:
        read_config({"name": "shop", "database_url": given}, {})
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"env": {"A=B": 1}}, "'env' is .*the name 'A=…' must not contain '='"),
        ({"env": {"": 1}}, "'env' is .*it must be a text that is not empty"),
        ({"env": {"A": "x\0y"}}, "'env' is .*the value of 'A' must not contain NUL"),
        ({"env": {"A": "\ud800"}}, "'env' is .*the value of 'A' cannot be written"),
        ({"env": {"A": 10**5000}}, "'env' is .*the value of 'A' cannot be written"),
        ({"admin_port": 10**5000}, "'admin_port' is <int>: it must be a port number"),
        ({"database": {"port": 10**5000}}, "'database.port' is <int>: it must be a port number"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_key(config: dict[str, object], told: str) -> None:
    with pytest.raises(DBOSInitializationError, match=told):
        read_config({"name": "shop", **config}, {})
