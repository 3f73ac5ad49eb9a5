from typing import TypedDict

from dbos_typed import Event, Topic


class Position(TypedDict):
    x: float
    y: float


POSITION = Event[Position]("position")
MOVES = Topic[tuple[float, float]]("moves")
