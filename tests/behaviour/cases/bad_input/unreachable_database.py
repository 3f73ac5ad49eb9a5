"""A database that cannot be opened is a DBOSInitializationError that names it without its password, at launch."""

import socket
import time

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

LAUNCH = False
DATABASES = ("sqlite",)  # the databases here are none


async def check(app: App) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    wrong = {
        f"postgresql://ann:sesame@127.0.0.1:{port}/shop": str(port),
        "sqlite:////no/such/directory/shop.sqlite": "/no/such/directory",
        "sqlite:///:memory:": "names no file",
        "mysql://localhost/shop": "sqlite or postgresql",
        "not a url": "'not a url'",
    }
    for url, expected in wrong.items():
        began = time.monotonic()
        with pytest.raises(error.DBOSInitializationError) as refused:
            app.launch(database_url=url, database_timeout_seconds=0.5)
        message = str(refused.value)
        assert expected in message
        assert "sesame" not in message
        assert time.monotonic() - began < 10
        with pytest.raises(error.DBOSInitializationError, match=r"DBOS\.launch\(\) first"):
            await DBOS.send_async("id", 1)
        DBOS.destroy()
    # A failed launch leaves nothing behind that stands in the way of a correct one.
    app.launch()
