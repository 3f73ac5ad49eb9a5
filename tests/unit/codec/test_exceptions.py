"""A replayed exception takes the same `except` branch as the live one and says the same."""

import asyncio
import json
import subprocess
import sys
import threading
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from dbos_typed.codec import Codec
from dbos_typed.error import (
    DBOSMaxStepRetriesExceeded,
    DBOSNotAuthorizedError,
    DBOSSerializationError,
    DBOSWorkflowCancelledError,
    RemoteError,
)
from tests.unit.codec.models import BrokenTextError, Item, LimitError, PaymentFailedError, SlottedError


@pytest.fixture
def codec() -> Codec:
    codec = Codec()
    codec.know_module("tests.unit.codec.models")
    return codec


def raised(code: str) -> BaseException:
    try:
        exec(code)  # noqa: S102  # the interpreter fills exceptions in its own way
    except BaseException as error:  # noqa: BLE001  # what is tested
        return error
    raise AssertionError(code)


ERRORS = [
    ValueError("bad", 1, (2, 3)),
    KeyError("k"),
    raised("{}['k']"),
    raised("open('/does/not/exist')"),
    raised("import does_not_exist"),
    raised("1 / 0"),
    raised("undefined_name"),
    raised("(1).undefined"),
    raised("int('x')"),
    raised("b'\\xff'.decode()"),
    raised("'\\ud800'.encode()"),
    raised("compile('a b', 'f', 'exec')"),
    raised("import json; json.loads('{')"),
    raised("next(iter([]))"),
    TimeoutError(),
    subprocess.CalledProcessError(2, ["ls"], output=b"x"),
    PaymentFailedError(7, reason="broke"),
    LimitError(Decimal(1), ("a",)),
    SlottedError(4),
    ExceptionGroup("many", [ValueError("a"), PaymentFailedError(1, reason="r")]),
    DBOSSerializationError("m", path="a.b"),
    DBOSNotAuthorizedError("no"),
    DBOSMaxStepRetriesExceeded("s", 2, [ValueError("a"), LimitError(Decimal(1))]),
    RemoteError("shop.Gone", "m"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_exception_comes_back_with_class_args_text_and_attributes(error: Exception, codec: Codec) -> None:
    text, back = codec.replay_error(error)
    assert type(back) is type(error)
    assert str(back) == str(error)
    assert repr(back) == repr(error)
    assert back.__traceback__ is error.__traceback__
    # Exceptions among them do not compare equal.
    hidden = {"exceptions", "errors"} | ({"args"} if isinstance(error, ExceptionGroup) else set())
    names = [name for name in dir(error) if not name.startswith("_") and name != "obj"]
    for name in names:
        attribute = getattr(error, name, None)
        if not callable(attribute) and name not in hidden:
            assert getattr(back, name, None) == attribute
    assert codec.encode_error(codec.decode_error(text)) == text


NOT_RAISED = [
    SystemExit(3),
    KeyboardInterrupt(),
    GeneratorExit(),
    asyncio.CancelledError("m"),
    BaseExceptionGroup("more", [KeyboardInterrupt()]),
    DBOSWorkflowCancelledError("w-1"),
]


@pytest.mark.parametrize("error", NOT_RAISED, ids=lambda error: type(error).__name__)
def test_what_is_no_exception_is_told_and_never_raised(error: BaseException, codec: Codec) -> None:
    error.add_note("a note")
    back = codec.decode_error(codec.encode_error(error))
    assert isinstance(back, RemoteError)
    assert back.type_name.endswith(type(error).__name__)
    assert back.remote_message == str(error)
    assert back.__notes__ == ["a note"]


@pytest.mark.parametrize("error", NOT_RAISED, ids=lambda error: type(error).__name__)
def test_what_is_no_exception_comes_back_as_a_cause(error: BaseException, codec: Codec) -> None:
    raised = ValueError("v")
    raised.__cause__ = error
    _, back = codec.replay_error(raised)
    assert type(back.__cause__) is type(error)
    assert str(back.__cause__) == str(error)


def test_group_keeps_its_parts(codec: Codec) -> None:
    _, back = codec.replay_error(ExceptionGroup("many", [ValueError("a"), PaymentFailedError(1, reason="r")]))
    assert isinstance(back, ExceptionGroup)
    matching, rest = back.split(PaymentFailedError)
    assert matching is not None
    assert rest is not None
    assert isinstance(rest.exceptions[0], ValueError)


def test_notes_cause_and_suppressed_context_are_kept(codec: Codec) -> None:
    error = PaymentFailedError(1, reason="r")
    error.add_note("first try")
    error.__cause__ = OSError(2, "gone")
    _, back = codec.replay_error(error)
    assert back.__notes__ == ["first try"]
    assert isinstance(back.__cause__, FileNotFoundError | OSError)
    assert back.__cause__.args == (2, "gone")
    suppressing = ValueError("x")
    suppressing.__suppress_context__ = True
    assert codec.replay_error(suppressing)[1].__suppress_context__


def test_attributes_of_user_classes_are_kept(codec: Codec) -> None:
    error = PaymentFailedError(1, reason="r")
    error.items = [Item("a", Decimal(1))]  # type: ignore[attr-defined]  # what is tested
    _, back = codec.replay_error(error)
    assert vars(back) == {"code": 1, "reason": "r", "items": [Item("a", Decimal(1))]}


def test_argument_that_cannot_be_stored_keeps_its_text_and_nothing_else(codec: Codec) -> None:
    lock = threading.Lock()
    error = PaymentFailedError(1, reason="r")
    error.args = ("m", lock)
    text, back = codec.replay_error(error)
    assert type(back) is PaymentFailedError
    assert str(back) == str(error)
    assert back.args[0] == "m"
    assert not isinstance(back.args[1], str)
    with pytest.raises(AttributeError, match=r"'acquire' is not there: of <unlocked .* it is a lock"):
        back.args[1].acquire()
    assert codec.encode_error(codec.decode_error(text)) == text


def test_attribute_that_cannot_be_stored_is_absent_and_says_why(codec: Codec) -> None:
    error = PaymentFailedError(1, reason="r")
    error.lock = threading.Lock()  # type: ignore[attr-defined]  # what is tested
    text, back = codec.replay_error(error)
    assert type(back) is PaymentFailedError
    assert not hasattr(back, "lock")
    with pytest.raises(AttributeError, match=r"no attribute 'lock': it was not recorded, because .* it is a lock"):
        _ = back.lock  # type: ignore[attr-defined]  # what is tested
    with pytest.raises(AttributeError, match="no attribute 'reasons'; not recorded were lock: "):
        _ = back.reasons  # type: ignore[attr-defined]  # what is tested
    assert vars(back)["reason"] == "r"
    assert codec.encode_error(codec.decode_error(text)) == text


def test_unknown_class_becomes_a_remote_error() -> None:
    module = ModuleType("far_away")
    sys.modules["far_away"] = module
    boom = type("BoomError", (Exception,), {"__module__": "far_away"})
    vars(module)["BoomError"] = boom
    try:
        codec = Codec()
        _, back = codec.replay_error(boom("loud"))
        assert isinstance(back, RemoteError)
        assert (back.type_name, back.remote_message) == ("far_away.BoomError", "loud")
        codec.know_module("far_away")
        assert type(codec.replay_error(boom("loud"))[1]) is boom
    finally:
        del sys.modules["far_away"]


def test_exceptions_of_packages_that_the_applications_modules_use_are_known() -> None:
    far, near = ModuleType("far_package.errors"), ModuleType("near_package.net")
    boom: Any = type("BoomError", (Exception,), {"__module__": "far_package.errors"})
    vars(far)["BoomError"] = boom
    vars(near)["client"] = ModuleType("far_package.client")
    sys.modules.update({"far_package.errors": far, "near_package.net": near})
    try:
        codec = Codec()
        codec.know_module("near_package.workflows")
        assert type(codec.replay_error(boom("x"))[1]) is boom
    finally:
        del sys.modules["far_package.errors"], sys.modules["near_package.net"]


def test_no_code_of_the_class_runs_when_it_is_rebuilt(codec: Codec, monkeypatch: pytest.MonkeyPatch) -> None:
    text = codec.encode_error(PaymentFailedError(1, reason="r"))

    def explode(*_: object, **__: object) -> None:
        raise AssertionError("was run")

    monkeypatch.setattr(PaymentFailedError, "__init__", explode)
    assert codec.decode_error(text).args == ("payment failed: r",)


def test_class_that_is_no_exception_is_not_rebuilt(codec: Codec) -> None:
    back = codec.decode_error('{"class":"tests.unit.codec.models:Item","message":"m","args":[]}')
    assert isinstance(back, RemoteError)


def test_recorded_exception_whose_class_is_gone_is_refused_and_a_remote_one_stays_one(codec: Codec) -> None:
    gone = '{"class":"shop.gone:Gone","message":"m","args":[]'
    with pytest.raises(DBOSSerializationError, match=r"'shop\.gone:Gone' is not found here") as caught:
        codec.decode_recorded_error(gone + "}")
    assert caught.value.unknown_class == "shop.gone:Gone"
    assert isinstance(codec.decode_error(gone + "}"), RemoteError)
    assert isinstance(codec.decode_recorded_error(gone + ',"remote":true}'), RemoteError)
    nested = codec.plan(list[Exception], where="a test")
    text = f'[{{"$type":"error",{gone[1:]}}}]'
    assert isinstance(nested.decode(text)[0], RemoteError)
    with pytest.raises(DBOSSerializationError, match="is not found here"):
        codec.decode_recorded(nested, text)


def test_recorded_cause_whose_class_is_gone_is_refused_and_a_remote_one_stays_one(codec: Codec) -> None:
    gone = '{"$type":"error","class":"shop.gone:Gone","message":"m","args":[]}'
    text = f'{{"class":"builtins:ValueError","message":"m","args":["m"],"cause":{gone}}}'
    group = f'{{"class":"builtins:ExceptionGroup","message":"g","args":["g",[{{"$type":"error",{text[1:]}]]}}'
    for recorded in (text, group):
        with pytest.raises(DBOSSerializationError, match=r"'shop\.gone:Gone' is not found here") as caught:
            codec.decode_recorded_error(recorded)
        assert caught.value.unknown_class == "shop.gone:Gone"
        assert not isinstance(codec.decode_error(recorded), RemoteError)
    # What is recorded now keeps the class of the error, and of the cause what is known here.
    back = codec.decode_recorded_error(codec.settled_error(text))
    assert type(back) is ValueError
    assert isinstance(back.__cause__, RemoteError)
    member = codec.decode_recorded_error(codec.settled_error(group)).exceptions[0]  # type: ignore[attr-defined]  # a group
    assert type(member) is ValueError
    assert isinstance(member.__cause__, RemoteError)


def test_cause_without_a_name_does_not_change_its_error(codec: Codec) -> None:
    class LonelyError(Exception):
        pass

    error = ValueError("x")
    error.__cause__ = LonelyError("y")
    text, back = codec.replay_error(error)
    assert type(back) is ValueError
    assert isinstance(back.__cause__, RemoteError)
    assert isinstance(codec.decode_recorded_error(text).__cause__, RemoteError)


class LinkDownError(Exception):
    def __init__(self, lock: object, host: str) -> None:
        super().__init__("down")
        self.lock = lock
        self.host = host

    def __str__(self) -> str:
        return f"{self.host} is down ({'held' if self.lock.locked() else 'free'})"  # type: ignore[attr-defined]  # a lock


class LinkLostError(LinkDownError):
    def __str__(self) -> str:
        return f"lost: {super().__str__()}"


class ArgumentError(Exception):
    def __str__(self) -> str:
        return f"held: {self.args[0].locked()}"


def test_text_that_is_made_of_what_cannot_be_stored_comes_back(codec: Codec) -> None:
    codec.know_module(__name__)
    for error in (
        LinkDownError(threading.Lock(), "a"),
        LinkLostError(threading.Lock(), "b"),
        ArgumentError(threading.Lock()),
    ):
        text, back = codec.replay_error(error)
        assert type(back) is type(error)
        assert str(back) == f"{back}" == str(error)
        assert codec.encode_error(back) == text
        nested = ValueError(error)
        assert str(codec.replay_error(nested)[1].args[0]) == str(error)
    # Others of the class still make their text themselves.
    live = LinkLostError(threading.Lock(), "c")
    assert str(live) == "lost: c is down (free)"
    live.host = "d"
    assert str(live) == "lost: d is down (free)"


def test_class_without_a_name_of_its_own_goes_by_its_nearest_base(codec: Codec) -> None:
    class LocalError(PaymentFailedError):
        pass

    class LonelyError(Exception):
        pass

    _, back = codec.replay_error(LocalError(1, reason="r"))
    assert type(back) is PaymentFailedError
    assert vars(back) == {"code": 1, "reason": "r"}
    assert isinstance(codec.replay_error(LonelyError("x"))[1], RemoteError)


def test_broken_text_of_an_exception_does_not_hide_it(codec: Codec) -> None:
    _, back = codec.replay_error(BrokenTextError(1))
    assert type(back) is BrokenTextError
    assert back.args == (1,)


def test_exceptions_that_refer_to_each_other_are_stored_to_some_depth(codec: Codec) -> None:
    first, second = PaymentFailedError(1, reason="a"), PaymentFailedError(2, reason="b")
    for one, other in ((first, second), (second, first)):
        one.__cause__ = other
        one.args = (other, other)
        one.other = other  # type: ignore[attr-defined]  # what is tested
    text, back = codec.replay_error(first)
    assert type(back.__cause__) is PaymentFailedError
    assert len(text) < 1_000_000


def test_argument_that_contains_itself_does_not_hide_the_error(codec: Codec) -> None:
    own: list[object] = [threading.Lock()]
    own.append(own)
    error = ValueError(own)
    _, back = codec.replay_error(error)
    assert type(back) is ValueError
    assert str(back) == str(error)


def test_exception_is_a_value_like_others(codec: Codec) -> None:
    plan = codec.plan(list[int | Exception], where="a test")
    back = plan.decode(plan.encode([1, LimitError(Decimal(1))]))
    assert back == [1, LimitError(Decimal(1))]


def test_text_that_is_no_exception_is_a_serialization_error(codec: Codec) -> None:
    for text in ("", "[]", json.dumps({"class": 1})):
        with pytest.raises(DBOSSerializationError, match="exception"):
            codec.decode_error(text)
