"""DBOS.config is the configuration with its defaults and with secrets masked.

Older behaviour: it held the password of the database in clear text.
"""

import pytest
import sqlalchemy as sa

from dbos_typed import DBOS
from dbos_typed.error import DBOSInitializationError
from tests.behaviour.app import App

FORMS = ("sync",)
LAUNCH = False


def check(app: App) -> None:
    with pytest.raises(DBOSInitializationError, match=r"DBOS\(config"):
        print(DBOS.config)
    app.launch(admin_token="do not tell", env={"BEHAVIOUR_API_KEY": "nobody", "BEHAVIOUR_COLOUR": "green"})
    shown = DBOS.config
    assert shown["name"] == "behaviour"
    assert shown["max_executor_threads"] == 64
    assert shown["telemetry"]["logs"]["logLevel"] == "DEBUG"
    assert shown["env"] == {"BEHAVIOUR_API_KEY": "***", "BEHAVIOUR_COLOUR": "***"}
    assert "do not tell" not in str(shown)
    password = sa.make_url(app.database_url).password
    assert password is None or password not in str(shown)
