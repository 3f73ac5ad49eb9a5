import uuid
from datetime import datetime
from typing import assert_type

from conversations.generated.workflows import EventsHandle, ReceiverHandle
from conversations.messages import State, Step


def events(handle: EventsHandle) -> None:
    assert_type(handle.get_event("local"), list[int] | None)
    assert_type(handle.get_event("step"), Step | None)
    assert_type(handle.get_event("deep"), int | None)
    assert_type(handle.get_event("first"), int | None)
    assert_type(handle.get_event("second"), float | None)
    assert_type(handle.get_event("title"), str | None)
    assert_type(handle.get_event("plain"), str | None)
    assert_type(handle.get_event("keyword"), int | None)
    assert_type(handle.get_event("either"), bool | None)
    assert_type(handle.get_event("or"), bool | None)
    assert_type(handle.get_event("twice"), int | str | None)
    assert_type(handle.get_event("constant"), int | None)
    assert_type(handle.get_event("ratio"), float | None)
    assert_type(handle.get_event("step result"), Step | None)
    assert_type(handle.get_event("attribute"), bool | None)
    assert_type(handle.get_event("property"), str | None)
    assert_type(handle.get_event("method"), float | None)
    assert_type(handle.get_event("enum"), State | None)
    assert_type(handle.get_event("list"), list[int] | None)
    assert_type(handle.get_event("dict"), dict[str, float] | None)
    assert_type(handle.get_event("tuple"), tuple[int, str] | None)
    assert_type(handle.get_event("sum"), int | None)
    assert_type(handle.get_event("share"), float | None)
    assert_type(handle.get_event("when"), datetime | None)
    assert_type(handle.get_event("id"), uuid.UUID | None)
    assert_type(handle.get_event("workflow"), str | None)
    assert_type(handle.get_event("child result"), str | None)
    assert_type(handle.get_event("counter"), int | None)
    assert_type(handle.get_event("declared"), Step | None)
    assert_type(handle.get_event("inner"), None)
    handle.get_event("child-only")  # type: ignore[call-overload]


def messages(handle: ReceiverHandle) -> None:
    handle.send(True, "decision")
    handle.send(Step("x"), "typed")
    handle.send(1, "later")
    handle.send("x", "cast")
    handle.send(b"x")
    handle.send(1.5, "loop")
    handle.send(Step("x"), "returned")
    handle.send("x", "typed")  # type: ignore[call-overload]
    handle.send(1)  # type: ignore[call-overload]
