"""A wrong configuration gives one error that lists every problem, with the key meant when one was misspelt."""

import pytest

from dbos_typed import DBOS, error
from tests.behaviour.app import App

LAUNCH = False


async def check(app: App) -> None:
    wrong = {
        "databse_url": app.database_url,
        "zzz": 1,
        "max_executor_threads": 0,
        "db_pool_size": "ten",
        "log_level": "LOUD",
        "strict_replay": "yes",
        "on_input_conflict": "ignore",
        "dbos_system_schema": "drop table;",
        "database_url": "",
    }
    with pytest.raises(error.DBOSInitializationError) as refused:
        DBOS(config=wrong)
    message = str(refused.value)
    for expected in (
        "10 problems",
        "did you mean 'database_url'?",
        "unknown key 'zzz': known keys: name,",
        "'name' is missing",
        "'max_executor_threads' is 0",
        "'db_pool_size' is 'ten'",
        "'log_level' is 'LOUD': it must be one of",
        "'strict_replay' is 'yes': it must be True or False",
        "'on_input_conflict' is 'ignore'",
        "'dbos_system_schema' is 'drop table;'",
        "'database_url' is ''",
        "Nothing was started.",
    ):
        assert expected in message
    with pytest.raises(error.DBOSInitializationError, match=r"DBOS\(config=…\)"):
        DBOS.launch()
