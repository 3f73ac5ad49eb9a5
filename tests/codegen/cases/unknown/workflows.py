"""What the source does not say becomes Any, with a diagnostic."""

from collections.abc import Awaitable, Callable

from elsewhere import *

from dbos_typed import DBOS


@DBOS.workflow()
def vague(a, b: Mystery, *args, c: "not a type" = 1, **kwargs):
    DBOS.set_event("opaque", b.something())
    DBOS.set_event(a, 1)
    DBOS.recv("untyped")
    DBOS.recv(a)
    message = DBOS.recv()
    return message


@DBOS.workflow()
def unstorable(call: Callable[[int, "str"], None], any_call: Callable[..., Awaitable]) -> None: ...


def factory():
    @DBOS.workflow()
    def nested() -> None: ...

    return nested
