"""DBOSContextSetAuth nests and gives the former identity back, also after an error; set_authentication does not.

Older behaviour: asking who is authenticated failed where nobody had set anything.
"""

import pytest

from dbos_typed import DBOS, DBOSContextEnsure, DBOSContextSetAuth
from tests.behaviour.app import App


def who() -> tuple[str | None, list[str] | None, str | None]:
    roles = DBOS.authenticated_roles
    return DBOS.authenticated_user, None if roles is None else list(roles), DBOS.assumed_role


async def check(app: App) -> None:
    assert who() == (None, None, None)
    with DBOSContextEnsure(), DBOSContextSetAuth("ann", ["admin"]):
        assert who() == ("ann", ["admin"], None)
        with pytest.raises(LookupError), DBOSContextSetAuth("bob", []):
            assert who() == ("bob", [], None)
            raise LookupError
        with DBOSContextSetAuth(None, None):
            assert who() == (None, None, None)
        assert who() == ("ann", ["admin"], None)
    assert who() == (None, None, None)
    with DBOSContextEnsure():
        DBOS.set_authentication("cyd", ["user"])
        assert who() == ("cyd", ["user"], None)
    DBOS.set_authentication(None, None)
    assert who() == (None, None, None)
    assert app.counts()["workflows"] == 0
