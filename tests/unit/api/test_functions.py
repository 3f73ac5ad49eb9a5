"""Decorated functions: how they bind, what inspection sees, and how a workflow is found behind a callable."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import pickle
import typing
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

import pytest

from dbos_typed.api.functions import StepDecorator, TransactionDecorator, WorkflowDecorator, resolve_workflow
from dbos_typed.codec import Codec
from dbos_typed.core.registry import FunctionDefinition, StepDefinition, TransactionDefinition, WorkflowDefinition

P = ParamSpec("P")
R = TypeVar("R")
D = TypeVar("D", bound=FunctionDefinition)

CALLS: list[tuple[str, object | None, tuple[Any, ...], dict[str, Any]]] = []


@pytest.fixture(autouse=True)
def _forget_calls() -> None:
    CALLS.clear()


def _invoke(
    definition: FunctionDefinition, receiver: object | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    CALLS.append((definition.qualname.rpartition(".")[2], receiver, args, dict(kwargs)))
    return definition.function(*args, **kwargs) if receiver is None else definition.function(receiver, *args, **kwargs)


def _define(kind: type[D]) -> Callable[[Callable[..., Any]], D]:
    codec = Codec()

    def define(function: Callable[..., Any]) -> D:
        return kind(
            name=function.__qualname__,
            function=function,
            plain=function,
            module=function.__module__,
            qualname=function.__qualname__,
            is_async=inspect.iscoroutinefunction(function),
            free_calls=codec.call_plan(function, where=function.__qualname__),
            bound_calls=codec.call_plan(function, where=function.__qualname__, skip_first=True),
        )

    return define


workflow = WorkflowDecorator(_define(WorkflowDefinition), _invoke)
step = StepDecorator(_define(StepDefinition), _invoke)
transaction = TransactionDecorator(_define(TransactionDefinition), _invoke)


def passing_on(func: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func(*args, **kwargs)

    return wrapper


@workflow
def total(prices: list[int], *, rebate: int = 0) -> int:
    """Add up."""
    return sum(prices) - rebate


@workflow
async def total_async(prices: list[int]) -> int:
    return sum(prices)


@step
def doubled(number: int) -> int:
    return 2 * number


@step
async def doubled_async(number: int) -> int:
    return 2 * number


class Shop:
    def __init__(self, name: str) -> None:
        self.name = name

    @workflow
    def restock(self, count: int) -> str:
        return f"{self.name}:{count}"

    @workflow
    async def restock_async(self, count: int) -> str:
        return f"{self.name}:{count}"

    @classmethod
    @workflow
    def open_above(cls, count: int) -> str:
        return f"{cls.__name__}:{count}"

    @workflow
    @classmethod
    def open_below(cls, count: int) -> str:
        return f"{cls.__name__}:{count}"

    @staticmethod
    @workflow
    def audit_above(shop: Shop) -> str:
        return shop.name

    @workflow
    @staticmethod
    def audit_below(shop: Shop) -> str:
        return shop.name

    @passing_on
    @workflow
    def wrapped(self, count: int) -> str:
        return f"{self.name}:{count}"

    @step
    def count(self, number: int) -> str:
        return f"{self.name}:{number}"

    @step
    @classmethod
    def count_below(cls, number: int) -> str:
        return f"{cls.__name__}:{number}"

    @step
    @staticmethod
    def check_below(number: int) -> int:
        return number


class Branch(Shop):
    @workflow
    def restock(self, count: int) -> str:
        return "branch " + super().restock(count)


def test_call_reaches_the_engine_with_arguments_as_given() -> None:
    assert total([1, 2], rebate=1) == 2
    assert CALLS == [("total", None, ([1, 2],), {"rebate": 1})]


def test_method_call_carries_the_instance_apart_from_the_arguments() -> None:
    shop = Shop("a")
    assert shop.restock(3) == "a:3"
    assert shop.count(4) == "a:4"
    assert [("restock", shop, (3,), {}), ("count", shop, (4,), {})] == CALLS


def test_method_called_through_its_class_has_its_first_argument_as_receiver() -> None:
    shop = Branch("b")
    assert Shop.restock(shop, 3) == "b:3"
    assert [("restock", shop, (3,), {})] == CALLS


def test_override_and_super_reach_their_own_functions() -> None:
    branch = Branch("b")
    assert branch.restock(1) == "branch b:1"
    assert [(receiver, args) for _, receiver, args, _ in CALLS] == [(branch, (1,)), (branch, (1,))]


@pytest.mark.parametrize("owner", [Shop, Branch])
@pytest.mark.parametrize("name", ["open_above", "open_below"])
def test_class_method_is_bound_to_the_class_it_is_called_on(owner: type[Shop], name: str) -> None:
    assert getattr(owner, name)(3) == f"{owner.__name__}:3"
    assert getattr(owner("x"), name)(4) == f"{owner.__name__}:4"
    assert [(name, owner, (3,), {}), (name, owner, (4,), {})] == CALLS


@pytest.mark.parametrize("name", ["open_above", "open_below"])
def test_class_method_bound_the_way_newer_pythons_do_has_the_class_as_receiver(name: str) -> None:
    function = inspect.unwrap(vars(Shop)[name], stop=lambda f: hasattr(f, "definition"))
    assert function(Branch, 3) == "Branch:3"
    assert [(name, Branch, (3,), {})] == CALLS


@pytest.mark.parametrize("name", ["audit_above", "audit_below"])
def test_static_method_keeps_an_argument_of_its_own_class(name: str) -> None:
    shop = Shop("a")
    assert getattr(Shop, name)(shop) == "a"
    assert getattr(shop, name)(shop) == "a"
    assert [(name, None, (shop,), {})] * 2 == CALLS


def test_method_under_a_wrapper_that_passes_self_on_finds_its_receiver() -> None:
    shop = Shop("a")
    assert shop.wrapped(3) == "a:3"
    assert [("wrapped", shop, (3,), {})] == CALLS


def test_step_keeps_class_and_static_methods_underneath() -> None:
    assert Branch.count_below(2) == "Branch:2"
    assert Shop("a").check_below(5) == 5
    assert [("count_below", Branch, (2,), {}), ("check_below", None, (5,), {})] == CALLS


def test_function_assigned_to_another_class_is_bound_but_keeps_its_own_first_argument() -> None:
    class Desk:
        run = staticmethod(total)

    assert Desk.run([1]) == 1
    assert total([2]) == 2
    assert [receiver for _, receiver, _, _ in CALLS] == [None, None]


def test_inspection_sees_the_function() -> None:
    assert total.__name__ == "total"
    assert total.__doc__ == "Add up."
    assert total.__module__ == __name__
    assert str(inspect.signature(total)) == "(prices: 'list[int]', *, rebate: 'int' = 0) -> 'int'"
    assert typing.get_type_hints(total) == {"prices": list[int], "rebate": int, "return": int}
    assert list(inspect.signature(Shop("a").restock).parameters) == ["count"]
    assert list(inspect.signature(Shop.restock).parameters) == ["self", "count"]
    assert list(inspect.signature(Shop.open_above).parameters) == ["count"]
    assert list(inspect.signature(Shop("a").count).parameters) == ["number"]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (total, False),
        (total_async, True),
        (doubled, False),
        (doubled_async, True),
        (Shop("a").restock, False),
        (Shop("a").restock_async, True),
        (Shop.restock_async, True),
    ],
)
def test_coroutine_functions_are_recognized(function: object, *, expected: bool) -> None:
    assert inspect.iscoroutinefunction(function) is expected


def test_async_call_numbers_when_the_coroutine_is_created() -> None:
    coroutine = total_async([1])
    assert CALLS == [("total_async", None, ([1],), {})]
    assert asyncio.run(coroutine) == 1


def test_bound_methods_compare_like_python_s() -> None:
    shop, other = Shop("a"), Shop("a")
    assert shop.restock == shop.restock
    assert hash(shop.restock) == hash(shop.restock)
    assert shop.restock != other.restock
    assert shop.restock != Shop.restock
    assert total != total_async


def test_functions_are_pickled_and_copied_by_reference() -> None:
    assert pickle.loads(pickle.dumps(total)) is total
    assert copy.deepcopy(total) is total
    assert copy.copy(doubled) is doubled


def test_repr_names_the_function_and_its_receiver() -> None:
    assert repr(total) == f"<WorkflowFunction {__name__}:total>"
    assert repr(Shop.open_above) == f"<WorkflowFunction {__name__}:Shop.open_above of {Shop!r}>"


def test_resolve_finds_workflows_behind_binding_and_wrapping() -> None:
    shop = Branch("a")
    found = resolve_workflow(total)
    assert found is not None
    assert (found.definition.name, found.receiver) == ("total", None)
    for callable_, name, receiver in [
        (passing_on(total), "total", None),
        (shop.restock, "Branch.restock", shop),
        (shop.wrapped, "Shop.wrapped", shop),
        (Branch.open_above, "Shop.open_above", Branch),
        (Branch.open_below, "Shop.open_below", Branch),
        (shop.audit_above, "Shop.audit_above", None),
        (passing_on(shop.restock), "Branch.restock", shop),
    ]:
        found = resolve_workflow(callable_)
        assert found is not None
        assert found.definition.name == name
        assert found.receiver is receiver


def test_resolve_splits_the_receiver_of_an_unbound_method() -> None:
    shop = Shop("a")
    unbound = resolve_workflow(Shop.restock)
    bound = resolve_workflow(shop.restock)
    static = resolve_workflow(Shop.audit_above)
    assert unbound is not None
    assert bound is not None
    assert static is not None
    assert unbound.split_receiver((shop, 1)) == (shop, (1,))
    assert bound.split_receiver((1,)) == (shop, (1,))
    assert static.split_receiver((shop,)) == (None, (shop,))


@pytest.mark.parametrize(
    "other",
    [doubled, Shop("a").count, functools.partial(total, [1]), len, print, lambda: None, None, 3, Shop],
    ids=["step", "step method", "partial", "len", "print", "lambda", "None", "number", "class"],
)
def test_resolve_gives_none_for_what_is_no_workflow(other: object) -> None:
    assert resolve_workflow(other) is None


def _generator() -> typing.Iterator[int]:
    yield 1


async def _coroutine() -> int:
    return 1


@pytest.mark.parametrize("decorator", [workflow, step, transaction])
@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_generator, "generator function"),
        (Shop, "decorates functions and methods"),
        (3, "decorates functions and methods"),
        (total, "decorated already"),
        (doubled, "decorated already"),
    ],
)
def test_decorating_what_cannot_be_recorded_is_refused(
    decorator: Callable[[object], object], function: object, message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        decorator(function)


def test_coroutine_function_is_refused_as_a_transaction_naming_the_remedy() -> None:
    with pytest.raises(TypeError, match=r"_coroutine is a coroutine function .* make it a step"):
        transaction(_coroutine)
