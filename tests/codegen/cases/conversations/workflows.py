"""Events and messages, with types from wherever the source says them."""

import uuid
from datetime import datetime
from typing import cast

from dbos_typed import DBOS, Event, Topic

from conversations import messages as say
from conversations.messages import PLAIN, Key, Names, State, Step, announce

LIMIT = 10
RATIO: float = 0.5
LOCAL = Event[list[int]](name="local")


@DBOS.step()
def make_step(name: str) -> Step:
    return Step(name)


@DBOS.step()
def not_mine() -> None:
    """A step's own calls are no business of the workflow."""


@DBOS.workflow()
def child() -> str:
    DBOS.set_event("child-only", 1)
    return "x"


@DBOS.workflow()
def events(name: str, count: int | None, step: Step) -> None:
    announce(step)
    child()
    DBOS.set_event(LOCAL, [1])
    DBOS.set_event(say.STEP, step)
    DBOS.set_event(Key.FIRST, 1)
    DBOS.set_event(Key.SECOND.value, 2.5)
    DBOS.set_event(Names.TITLE, name)
    DBOS.set_event(PLAIN, f"{name}!")
    DBOS.set_event(key="keyword", value=count)
    DBOS.set_event("either" if count else "or", True)
    DBOS.set_event("twice", 1)
    DBOS.set_event("twice", "one")
    DBOS.set_event("constant", LIMIT)
    DBOS.set_event("ratio", RATIO)
    DBOS.set_event("step result", make_step(name))
    DBOS.set_event("attribute", step.done)
    DBOS.set_event("property", step.label)
    DBOS.set_event("method", step.seconds())
    DBOS.set_event("enum", State.OPEN)
    DBOS.set_event("list", [1, 2])
    DBOS.set_event("dict", {"a": 1.5})
    DBOS.set_event("tuple", (1, "a"))
    DBOS.set_event("sum", LIMIT + 1)
    DBOS.set_event("share", LIMIT / 2)
    DBOS.set_event("when", datetime.now())
    DBOS.set_event("id", uuid.uuid4())
    DBOS.set_event("workflow", DBOS.workflow_id)
    DBOS.set_event("child result", child())
    local = 0
    for _ in range(3):
        local += 1
    DBOS.set_event("counter", local)
    declared: Step = make_step("x")
    DBOS.set_event("declared", declared)

    def inner() -> None:
        DBOS.set_event("inner", None)

    inner()


@DBOS.workflow()
def receiver() -> None:
    DBOS.recv(say.DECISION)
    typed: Step | None = DBOS.recv("typed", timeout_seconds=3)
    later: int | None
    later = DBOS.recv("later")
    cast("str | None", DBOS.recv("cast"))
    without: bytes | None = DBOS.recv()
    while walrus := DBOS.recv(Topic[float]("loop")):
        print(walrus)
    print(typed, later, without, reply())


def reply() -> Step | None:
    return DBOS.recv("returned")
