"""Book a trip: flight, hotel and car, with compensation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dbos_typed import DBOS, Event, Topic


class Part(Enum):
    FLIGHT = "flight"
    HOTEL = "hotel"
    CAR = "car"


@dataclass(frozen=True)
class Trip:
    traveller: str
    city: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Booking:
    trip: Trip
    confirmations: dict[str, str]


@dataclass(frozen=True)
class Change:
    city: str


BOOKED_PART = Event[Part]("part")
BOOKING_CHANGE = Topic[Change]("change")


class SoldOut(Exception):
    """Nothing left."""


@DBOS.step(retries_allowed=True)
def reserve_part(part: Part, city: str) -> str:
    return f"{part.value}-{city}"


@DBOS.step()
def cancel_part(confirmation: str) -> None:
    DBOS.logger.info(confirmation)


@DBOS.workflow()
def book_trip(trip: Trip, *, flexible: bool = False) -> Booking:
    confirmations: dict[str, str] = {}
    try:
        for part in trip.parts:
            DBOS.set_event(BOOKED_PART, part)
            confirmations[part.value] = reserve_part(part, trip.city)
        if flexible:
            change = DBOS.recv(BOOKING_CHANGE, timeout_seconds=3600)
            if change is not None:
                return book_trip(Trip(trip.traveller, change.city, trip.parts))
    except SoldOut:
        for confirmation in reversed(list(confirmations.values())):
            cancel_part(confirmation)
        raise
    DBOS.set_event("price", 100 * len(confirmations))
    return Booking(trip, confirmations)


@DBOS.workflow()
async def remind_traveller(name: str, days: int) -> int:
    for day in range(days):
        await DBOS.sleep_async(86_400)
        await DBOS.set_event_async("day", day)
    return len(name)
