"""The engine's tables lie in a schema, whose name may be chosen, or have a prefix; those of the application are left."""

import sqlalchemy as sa

from dbos_typed import DBOS
from tests.behaviour.app import App

LAUNCH = False
FRESH_DATABASE = True


async def check(app: App) -> None:
    app.create_table("workflows", "name text")
    app.sql("INSERT INTO workflows VALUES ('mine')")
    app.launch(dbos_system_schema="Chosen")

    @DBOS.workflow()
    async def work() -> int:
        await DBOS.set_event_async("key", 1)
        return 1

    assert await work() == 1
    assert app.sql("SELECT name FROM workflows") == [{"name": "mine"}]
    url = sa.make_url(app.database_url)
    engine = sa.create_engine(url if app.is_sqlite else url.set(drivername="postgresql+psycopg"))
    inspector = sa.inspect(engine)
    if app.is_sqlite:
        names = set(inspector.get_table_names()) - {"workflows"}
        assert "dbos_workflows" in names
        assert all(name.startswith("dbos_") for name in names)
    else:
        assert inspector.get_table_names() == ["workflows"]
        assert {"workflows", "steps", "events"} <= set(inspector.get_table_names(schema="Chosen"))
    engine.dispose()
    await app.crash_async()
