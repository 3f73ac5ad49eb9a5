"""The arguments in db_engine_kwargs hold for every connection, also for the one on which other processes are heard."""

from sqlalchemy import make_url

from tests.behaviour.app import App

DATABASES = ("postgres",)
LAUNCH = False


async def check(app: App) -> None:
    url = make_url(app.database_url)
    without = url.set(password="not the one").render_as_string(hide_password=False)
    app.launch(database_url=without, db_engine_kwargs={"connect_args": {"password": url.password}})
    query = (
        "SELECT count(*) AS listening FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'dbos_typed listener'"
    )
    await app.until_async(lambda: app.sql(query) == [{"listening": 1}])
