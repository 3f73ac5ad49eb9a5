"""Operations await effects and nothing else, so they can be driven one effect at a time."""

import pytest

from dbos_typed.core.effects import Call, Effect, Operation


async def _adding() -> int:
    first_call: Call[int] = Call(int, ("1",))
    second_call: Call[int] = Call(int, ("2",))
    first = await first_call
    try:
        second = await second_call
    except ValueError:
        second = 100
    return first + second


def _finish(operation: Operation[int], answer: int) -> int:
    with pytest.raises(StopIteration) as stop:
        operation.send(answer)
    result: int = stop.value.value
    return result


def test_operation_asks_for_its_effects_in_order_and_gets_their_results() -> None:
    operation = _adding()
    asked: list[Effect[int]] = [operation.send(None), operation.send(10)]
    assert asked == [Call(int, ("1",)), Call(int, ("2",))]
    assert _finish(operation, 5) == 15


def test_failed_effect_is_raised_where_it_was_awaited() -> None:
    operation = _adding()
    operation.send(None)
    operation.send(10)
    with pytest.raises(StopIteration) as stop:
        operation.throw(ValueError())
    assert stop.value.value == 110


def test_operation_may_be_abandoned_between_effects() -> None:
    operation = _adding()
    operation.send(None)
    operation.close()
    with pytest.raises(RuntimeError):
        operation.send(1)
