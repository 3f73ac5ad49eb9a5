"""Runs against the database that the command line names, and prints what it finds."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from typing import assert_type

import running.workflows as workflows
from dbos_typed import DBOS, DBOSClient, SetWorkflowID
from dbos_typed.error import DBOSNonExistentWorkflowError, DBOSWorkflowTypeMismatchError
from running.generated.workflows import Branch, CheckoutHandle, Shop, checkout, other, survey, tick, tock
from running.workflows import Approval


def conversation() -> None:
    with SetWorkflowID("first"):
        handle = checkout.start("o-1")
    assert isinstance(handle, CheckoutHandle)
    print(handle.get_event("progress"), handle.get_event("reservation"))
    handle.send(Approval("ann", granted=True), "approval", idempotency_key="once")
    handle.send("please hurry", "note")
    print(handle.get_result())
    print(handle.get_status().output)


def found_again() -> None:
    print(checkout.retrieve("first").get_result(timeout_seconds=10))
    print([(status.workflow_id, status.output) for status in checkout.list(status="SUCCESS")])
    print([status.name for status in checkout.list(limit=0)])
    for lookup in (lambda: other.retrieve("first"), lambda: checkout.retrieve("unknown")):
        try:
            lookup()
        except (DBOSWorkflowTypeMismatchError, DBOSNonExistentWorkflowError) as error:
            print(type(error).__name__)


def cancelled_and_resumed() -> None:
    with SetWorkflowID("second"):
        handle = checkout.start("o-2", wait_seconds=60)
    handle.get_event("reservation")
    checkout.cancel("second")
    print(handle.get_status().status)
    resumed = checkout.resume("second")
    resumed.send(Approval("bob", granted=True), "approval")
    resumed.send("late", "note")
    print(resumed.get_result(timeout_seconds=30).approved_by)


def enqueued_restarted_and_forked() -> None:
    shop = workflows.Shop("queued")
    print(Shop.restock.enqueue(workflows.QUEUE, shop, "pot").get_result())
    handle = checkout.restart("first")
    handle.send(Approval("cid", granted=True), "approval")
    handle.send("again", "note")
    print(handle.get_result())
    forked = checkout.fork("first", 4)
    forked.send(Approval("dan", granted=True), "approval")
    forked.send("forked", "note")
    print(forked.get_result())
    before = len(DBOS.list_workflows())
    attempts: list[Callable[[], object]] = [
        lambda: other.resume("first"),
        lambda: other.restart("first"),
        lambda: other.fork("first", 1),
    ]
    for manage in attempts:
        try:
            manage()
        except DBOSWorkflowTypeMismatchError as error:
            print(type(error).__name__)
    print(len(DBOS.list_workflows()) - before)


def methods() -> None:
    shop = workflows.Shop("main")
    print(Shop.restock.start(shop, "cup").get_result())
    print(Shop.open_all.start(3).get_result())
    print(Shop.audit.start(2024).get_result())
    with SetWorkflowID("renamed"):
        other.start().get_result()
    print(other.retrieve("renamed").get_status().name)


def inherited_methods(url: str) -> None:
    branch = workflows.Branch("side")
    print(Branch.restock.start(branch, "cup").get_result())
    print(Shop.restock.start(branch, "bowl").get_result())
    print(Branch.open_all.start(2).get_result(), Branch.audit.start(2025).get_result())
    with DBOSClient(url) as client:
        print(Branch.restock.via(client).enqueue("orders", "side", "mug").get_result())


def names_that_do_not_exist(handle: CheckoutHandle) -> None:
    try:
        handle.get_event("progres")  # type: ignore[call-overload]
    except ValueError as error:
        print(error)
    try:
        handle.send("x", "nobody")  # type: ignore[call-overload]
    except ValueError as error:
        print(error)


def streams() -> None:
    handle = tick.start(2)
    assert_type(handle.read_stream("ticks"), Iterator[int])
    assert_type(handle.read_stream("words"), Iterator[str])
    assert_type(handle.read_stream("mixed"), Iterator[int | str])
    print(list(handle.read_stream("ticks")), list(handle.read_stream("words")), list(handle.read_stream("mixed")))
    try:
        handle.read_stream("tocks")  # type: ignore[call-overload]
    except ValueError as error:
        print(error)


async def coroutines() -> None:
    ticking = await tock.start(3)
    assert_type(ticking.read_stream("ticks"), AsyncIterator[int])
    print([number async for number in ticking.read_stream("ticks")])
    with SetWorkflowID("third"):
        handle = await survey.start(["a", "b"])
    print(await handle.get_event("asked"))
    await handle.send(7, "answer")
    print(await handle.get_result())
    queued = await survey.enqueue(workflows.QUEUE, ["c"])
    await queued.send(8, "answer")
    print(await queued.get_result())
    again = await survey.retrieve("third")
    print((await again.get_status()).output, [status.workflow_id for status in await survey.list(limit=1)])


def main(url: str) -> None:
    DBOS(config={"name": "running", "database_url": url, "log_level": "ERROR"})
    DBOS.launch()
    try:
        conversation()
        found_again()
        cancelled_and_resumed()
        enqueued_restarted_and_forked()
        methods()
        inherited_methods(url)
        names_that_do_not_exist(checkout.retrieve("first"))
        streams()
        asyncio.run(coroutines())
    finally:
        DBOS.destroy()


if __name__ == "__main__":
    main(sys.argv[1])
