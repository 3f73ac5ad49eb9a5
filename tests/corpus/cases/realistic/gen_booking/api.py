from __future__ import annotations

from fastapi import FastAPI
from pydantic import BaseModel

from dbos_typed import DBOSClient, SetWorkflowID
from gen_booking.flows import Change, Part, Trip
from generated.gen_booking.flows import book_trip, remind_traveller

app = FastAPI()


class Request(BaseModel):
    traveller: str
    city: str


@app.post("/trips/{trip_id}")
def create(trip_id: str, request: Request) -> str:
    trip = Trip(request.traveller, request.city, (Part.FLIGHT, Part.HOTEL))
    with SetWorkflowID(trip_id):
        handle = book_trip.start(trip, flexible=True)
    book_trip.start(request)  # E: type
    book_trip.start(trip, flexibel=True)  # E: type
    return handle.workflow_id


@app.get("/trips/{trip_id}/price")
def price(trip_id: str) -> int:
    handle = book_trip.retrieve(trip_id)
    found = handle.get_event("price", timeout_seconds=1)
    handle.get_event("prize")  # E: type
    return found  # E: type


@app.get("/trips/{trip_id}/hotel")
def hotel(trip_id: str) -> str | None:
    booking = book_trip.retrieve(trip_id).get_status().output
    if booking is None:
        return None
    print(booking.confirmation)  # E: type
    return booking.confirmations.get("hotel")


@app.post("/trips/{trip_id}/change")
def change(trip_id: str, city: str) -> None:
    handle = book_trip.retrieve(trip_id)
    handle.send(Change(city), topic="change")
    handle.send(city, topic="change")  # E: type
    handle.send(Change(city), topic="changes")  # E: type


@app.post("/reminders/{name}")
async def remind(name: str) -> str:
    handle = await remind_traveller.start(name, 3)
    await remind_traveller.start(name, "3")  # E: type
    day = await handle.get_event("day")
    print(day + 1 if day is not None else 0)
    return handle.workflow_id


def from_elsewhere(client: DBOSClient) -> None:
    handle = book_trip.via(client).enqueue("trips", Trip("ann", "rome", ()))
    print(handle.get_result().confirmations)
    print(handle.get_result().trip.town)  # E: type
    client.enqueue({"workflow_name": "book_trip", "queue_name": "trips"}, Trip("a", "b", ()), flexible=True)
    client.enqueue({"workflow_name": "book_trip", "queue_name": "trips"}, flexible=True)  # E: dbos-enqueue
    client.enqueue({"workflow_name": "book_trips", "queue_name": "trips"}, Trip("a", "b", ()))  # E: dbos-enqueue
