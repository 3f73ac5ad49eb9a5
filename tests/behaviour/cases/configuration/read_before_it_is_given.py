"""DBOS.config read from the file, and then DBOS(config=...) with another configuration: the second is refused."""

import contextlib
import tempfile
from pathlib import Path

import pytest

from dbos_typed import DBOS
from dbos_typed.error import DBOSInitializationError
from tests.behaviour.app import App

FORMS = ("sync",)
LAUNCH = False


def check(app: App) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("dbos-config.yaml").write_text(f"name: shop\ndatabase_url: {app.database_url}\n", encoding="utf-8")
        assert DBOS.config["name"] == "shop"
        with pytest.raises(DBOSInitializationError, match=r"configured multiple times.*dbos-config\.yaml"):
            DBOS(config=app.config)
        DBOS(config={"name": "shop", "database_url": app.database_url})
        DBOS.destroy()
        DBOS(config=app.config)
    DBOS.launch()
    assert DBOS.config["name"] == "behaviour"
