"""DBOS() without a configuration takes that of dbos-config.yaml in the working directory, and sets its section env."""

import contextlib
import os
import tempfile
from pathlib import Path

import pytest

from dbos_typed import DBOS
from dbos_typed.error import DBOSInitializationError
from tests.behaviour.app import App

FORMS = ("sync",)
LAUNCH = False

FILE = """
name: from-a-file
database_url: ${BEHAVIOUR_URL}
telemetry: {logs: {logLevel: DEBUG}}
env:
  BEHAVIOUR_SHAPE: round
"""


def check(app: App) -> None:
    os.environ["BEHAVIOUR_URL"] = app.database_url
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        with pytest.raises(DBOSInitializationError, match=r"has no dbos-config.yaml"):
            DBOS()
        Path("dbos-config.yaml").write_text(FILE, encoding="utf-8")
        assert DBOS.config["name"] == "from-a-file"
        DBOS()
    DBOS()
    DBOS.launch()

    @DBOS.workflow()
    def shape() -> str:
        return os.environ["BEHAVIOUR_SHAPE"]

    assert shape() == "round"
    assert [row["status"] for row in app.rows("workflows")] == ["SUCCESS"]
    assert DBOS.config["name"] == "from-a-file"
