"""sys_db_name names the system database beside the application's, and it is created when it is missing."""

from dbos_typed import DBOS
from tests.behaviour.app import App
from tests.behaviour.second_database import second_database

LAUNCH = False
FRESH_DATABASE = True


async def check(app: App) -> None:
    with second_database(app) as second:
        name = second.name.rpartition("/")[2]
        app.launch(sys_db_name=name)

        @DBOS.workflow()
        async def greet(name: str) -> str:
            return f"hello {name}"

        assert await greet("world") == "hello world"
        table = "dbos_workflows" if app.is_sqlite else "dbos_typed.workflows"
        assert second.sql(f"SELECT status FROM {table}") == [{"status": "SUCCESS"}]
        if app.is_sqlite:
            assert app.sql("SELECT name FROM sqlite_master WHERE name = 'dbos_workflows'") == []
        assert name in DBOS.config["system_database_url"]
