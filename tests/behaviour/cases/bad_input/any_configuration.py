"""Whatever is in a configuration: it is taken, or one DBOSInitializationError names each key that is wrong."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dbos_typed import DBOS, DBOSConfig, error
from tests.behaviour.app import App
from tests.behaviour.wild import THOROUGHLY, anything, names

FORMS = ("sync",)  # hypothesis calls blocking functions
DATABASES = ("sqlite",)  # nothing is opened
LAUNCH = False
PASSWORD = "hunter2hunter2"

urls = st.sampled_from(
    [
        f"postgresql://me:{PASSWORD}@host:5432/shop",
        f"postgresql://me:{PASSWORD}@host:port/shop",
        f"mysql://me:{PASSWORD}@host/shop",
        f"me:{PASSWORD}@host/shop",
        "sqlite:///shop.sqlite",
        "sqlite://",
        "://",
    ]
)


def check(app: App) -> None:
    del app
    keys = {
        name: anything | urls if name.endswith("url") else anything
        for name in DBOSConfig.__annotations__
        if name != "name"
    }
    configurations = st.fixed_dictionaries(
        {"name": anything | st.just("shop")}, optional={**keys, "database": anything, "unknown": anything}
    )

    @THOROUGHLY
    @given(config=configurations | st.dictionaries(names, anything, max_size=3))
    def whatever(config: dict[str, Any]) -> None:
        try:
            DBOS(config=config)
        except error.DBOSInitializationError as refused:
            assert "problem" in str(refused)
            assert any(repr(name) in str(refused) for name in [*config, "name"]), refused
            assert PASSWORD not in str(refused)
        else:
            assert isinstance(config["name"], str)
            assert PASSWORD not in repr(DBOS.config)
        finally:
            DBOS.destroy()

    whatever()
