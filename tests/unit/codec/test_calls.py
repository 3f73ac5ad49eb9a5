"""Arguments are stored as given and come back for the same call."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypedDict, TypeVar

import pytest
from typing_extensions import Unpack

from dbos_typed.codec import CallPlan, Codec, UndecodableValue
from dbos_typed.error import DBOSSerializationError
from tests.unit.codec.models import Color, Item, Point

if TYPE_CHECKING:
    from os import NotThere  # type: ignore[attr-defined]  # a name that cannot be resolved

T = TypeVar("T")
P = ParamSpec("P")


class Options(TypedDict, total=False):
    depth: int
    price: Decimal


def plan_of(function: Callable[..., object], **options: Any) -> CallPlan:
    return Codec().call_plan(function, where=f"workflow {function.__name__!r}", **options)


def plain(order_id: str, item: Item, /, count: int = 1, *rest: Decimal, express: bool = False, **more: Color) -> Item:
    raise NotImplementedError


def required_keyword(a: int, *, b: Decimal) -> None:
    raise NotImplementedError


def unpacked(a: int, **options: Unpack[Options]) -> None:
    raise NotImplementedError


def lenient(given: NotThere, number: Decimal) -> list[NotThere]:
    raise NotImplementedError


def later(value: Later) -> Later:
    raise NotImplementedError


def wrapping(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    raise NotImplementedError


def unannotated(a, b=2):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # what is tested
    raise NotImplementedError


class Later:
    pass


class Shop(Generic[T]):
    def restock(self, item: Item, amount: int = 0) -> T:
        raise NotImplementedError

    async def look(self) -> Point:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [
        (("o-1", Item("a", Decimal(1))), {}),
        (("o-1", Item("a", Decimal(1)), 2), {"express": True}),
        (("o-1", Item("a", Decimal(1)), 2, Decimal(3), Decimal(4)), {"other": Color.RED}),
        (("o-1", Item("a", Decimal(1))), {"count": 3, "order_id": Color.GREEN}),
        ((1, None, "x", (), []), {"express": {1: 2}, "self": Decimal(1)}),
    ],
)
def test_arguments_come_back_as_given(args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    plan = plan_of(plain)
    text = plan.encode(args, kwargs)
    assert plan.decode(text) == (args, kwargs)
    assert plan.replay(args, kwargs) == (text, (args, kwargs))
    assert plan.try_decode(text) == (args, kwargs)


def test_stored_form_is_readable_and_has_no_defaults() -> None:
    text = plan_of(plain).encode(("o-1", Item("a", Decimal("1.5"))), {"other": Color.RED})
    assert text == '{"args":["o-1",{"sku":"a","price":"1.5","tags":[]}],"kwargs":{"other":"RED"}}'


@pytest.mark.parametrize(
    ("function", "args", "kwargs", "message"),
    [
        (plain, (), {}, r"plain\(\) missing a required argument: 'order_id'"),
        (plain, ("a",), {"item": 1}, r"plain\(\) .*'item'"),
        (required_keyword, (1,), {}, r"required_keyword\(\) missing a required"),
        (required_keyword, (1, 2), {"b": 3}, r"required_keyword\(\) too many positional arguments"),
        (required_keyword, (1,), {"b": 3, "c": 4}, r"required_keyword\(\) got an unexpected keyword argument 'c'"),
        (required_keyword, (1,), {"a": 1, "b": 3}, r"required_keyword\(\) multiple values for argument 'a'"),
    ],
)
def test_arguments_that_do_not_fit_are_a_type_error_that_names_the_function(
    function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        plan_of(function).encode(args, kwargs)


def test_unstorable_argument_is_named() -> None:
    with pytest.raises(DBOSSerializationError, match=r"^workflow 'plain': item\.price\[0\]: .*function") as caught:
        plan_of(plain).encode(("o", Item("a", [print])), {})  # type: ignore[arg-type]  # what is tested
    assert caught.value.path == "item.price[0]"
    with pytest.raises(DBOSSerializationError) as caught:
        plan_of(plain).encode(("o", 1, 1, 2, [print]), {})
    assert caught.value.path == "rest[1][0]"
    with pytest.raises(DBOSSerializationError) as caught:
        plan_of(plain).encode(("o", 1), {"other": print})
    assert caught.value.path == "other"


def test_keywords_typed_by_a_typed_dict_are_written_by_their_types() -> None:
    plan = plan_of(unpacked)
    text = plan.encode((1,), {"price": Decimal("1.5"), "depth": 2})
    assert text == '{"args":[1],"kwargs":{"price":"1.5","depth":2}}'
    assert plan.decode(text) == ((1,), {"price": Decimal("1.5"), "depth": 2})


def test_unresolvable_annotation_leaves_its_parameter_untyped_and_is_noted() -> None:
    plan = plan_of(lenient)
    assert not plan.check()
    assert plan.encode(((1, 2), Decimal(3)), {}) == '{"args":[{"$type":"tuple","items":[1,2]},"3"],"kwargs":{}}'
    assert "given of workflow 'lenient'" in plan.notes[0]
    assert "NotThere" in plan.notes[0]
    assert plan.result.decode(plan.result.encode([(1,)])) == [(1,)]


def test_annotation_is_compiled_when_its_name_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(globals(), "Later")
    plan = plan_of(later)
    assert not plan.check()
    monkeypatch.setitem(globals(), "Later", Decimal)
    assert plan.check()
    assert plan.encode((Decimal(1),), {}) == '{"args":["1"],"kwargs":{}}'
    assert plan.notes == ()


def test_unstorable_parameter_is_refused_by_check() -> None:
    with pytest.raises(DBOSSerializationError, match=r"^parameter 'function' of workflow 'wrapping': function: .*name"):
        plan_of(wrapping).check()


def test_unstorable_result_is_refused_by_check() -> None:
    def leaky() -> list[Callable[[], int]]:
        raise NotImplementedError

    with pytest.raises(DBOSSerializationError, match=r"^result of workflow 'leaky': result\[\]"):
        plan_of(leaky).check()


def test_self_is_left_out_of_a_methods_arguments() -> None:
    plan = plan_of(Shop.restock, skip_first=True)
    assert plan.check()
    text = plan.encode((Item("a", Decimal(1)),), {"amount": 2})
    assert plan.decode(text) == ((Item("a", Decimal(1)),), {"amount": 2})


def test_result_of_a_coroutine_function_is_what_it_returns() -> None:
    assert plan_of(Shop.look, skip_first=True).result.encode(Point(1, 2)) == '{"x":1,"y":2}'


def test_parameters_without_annotation_take_anything() -> None:
    plan = plan_of(unannotated)
    assert plan.check()
    assert plan.decode(plan.encode(((1, {2}),), {"b": b"x"})) == (((1, {2}),), {"b": b"x"})


def test_local_class_named_in_an_annotation_is_found_in_the_given_names() -> None:
    class Local(TypedDict):
        price: Decimal

    def function(value: Local) -> None:
        raise NotImplementedError

    plan = plan_of(function, names=locals())
    assert plan.check()
    assert plan.encode(({"price": Decimal(1)},), {}) == '{"args":[{"price":"1"}],"kwargs":{}}'


def test_replayed_arguments_are_copies_unless_they_cannot_change() -> None:
    plan = plan_of(plain)
    item = Item("a", Decimal(1))
    _, (args, _) = plan.replay(("o", item), {})
    assert args[1] == item
    assert args[1] is not item


def test_arguments_of_a_parameter_that_is_gone_are_still_read() -> None:
    assert plan_of(required_keyword).decode('{"args":[1,[2]],"kwargs":{"b":"1","old":3}}') == (
        (1, [2]),
        {"b": Decimal(1), "old": 3},
    )


def test_damaged_arguments_are_a_serialization_error() -> None:
    plan = plan_of(plain)
    for text in ("", "[]", '{"args":[]}', '{"args":["o",{"sku":1}],"kwargs":{}}'):
        with pytest.raises(DBOSSerializationError, match="workflow 'plain'"):
            plan.decode(text)
        assert isinstance(plan.try_decode(text), UndecodableValue)


def test_result_does_not_ask_whether_parameters_can_be_stored() -> None:
    def step(callback: Callable[[], int]) -> Decimal:
        return Decimal(callback())

    assert plan_of(step).result.encode(Decimal("1.20")) == '"1.20"'
    with pytest.raises(DBOSSerializationError, match="parameter 'callback'"):
        plan_of(step).check()
