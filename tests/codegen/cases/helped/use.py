"""What type checkers see."""

from typing import assert_type

from helped.generated.workflows import contained, gathered, helped


def use() -> None:
    handle = helped.retrieve("id")
    assert_type(handle.get_event("progress"), int | None)
    assert_type(handle.get_event("second"), int | None)
    assert_type(handle.get_event("third"), int | None)
    assert_type(handle.get_event("count"), int | None)
    assert_type(handle.get_event("started"), float | None)
    assert_type(handle.get_event("untyped"), str | None)
    assert_type(handle.get_event("deep"), list[int] | None)
    assert_type(handle.get_event("inner"), bytes | None)
    assert_type(handle.get_event("done"), bytes | None)
    assert_type(handle.get_event("right"), bool | None)
    assert_type(handle.get_event("order-reported"), float | None)
    handle.send(1, "question")
    handle.send(2, "order-total")
    handle.send(b"", "answer")
    handle.send("x", "question")  # type: ignore[call-overload]
    numbers = contained.retrieve("id")
    assert_type(numbers.get_event("price"), float | None)
    assert_type(numbers.get_event("row"), bytes | None)
    assert_type(numbers.get_event("nested"), int | None)
    assert_type(numbers.get_event("number"), int | None)
    assert_type(numbers.get_event("by sku"), dict[str, int] | None)
    assert_type(numbers.get_event("total"), int | None)
    assert_type(numbers.get_event("sorted"), list[str] | None)
    assert_type(numbers.get_event("order-place"), int | None)


async def use_coroutines() -> None:
    handle = await gathered.retrieve("id")
    assert_type(await handle.get_event("every"), list[float] | None)
    assert_type(await handle.get_event("one"), float | None)
