"""What comes on the channel of notifications, from this engine and from anybody else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbos_typed.core.ports import Signal
from dbos_typed.runtime.hub import Hub
from dbos_typed.runtime.notifications import signals_of

TEXTS = st.text(max_size=20)
SIGNALS = st.one_of(
    st.lists(TEXTS, min_size=1, max_size=4).map(tuple).filter(lambda signal: signal[0] != "cancel"),
    st.tuples(st.just("cancel"), TEXTS, st.integers(0, 2**63 - 1).map(str)),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("cancel"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(st.lists(SIGNALS, min_size=1, max_size=5))
def test_what_executors_send_is_heard(signals: list[Signal]) -> None:
    assert signals_of(json.dumps(signals, separators=(",", ":"))) == signals


@given(st.one_of(st.text(), JSON.map(json.dumps), st.lists(st.lists(st.text() | st.just("cancel"))).map(json.dumps)))
def test_whatever_else_comes_is_ignored_or_harmless(payload: str) -> None:
    signals = signals_of(payload)
    if signals is not None:
        Hub(lambda _, token: None).publish(signals)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "hello",
        "null",
        "17",
        '"text"',
        "{}",
        "[]",
        "[[]]",
        "[1]",
        "[[1]]",
        '[["done",1]]',
        '[["done",["x"]]]',
        '["done","x"]',
        '[["done","x"],7]',
        '[["cancel"]]',
        '[["cancel","x"]]',
        '[["cancel","x","notanumber"]]',
        '[["cancel","x","-1"]]',
        '[["cancel","x","1_0"]]',
        '[["cancel","x","٣"]]',
        '[["cancel","x","1","more"]]',
        f'[["cancel","x","{"9" * 5000}"]]',
        "9" * 7000,
        "[" * 7000,
        "[" * 3500 + "]" * 3500,
        '[["done","x"]',
    ],
)
def test_what_no_executor_sends_is_ignored(payload: str) -> None:
    assert signals_of(payload) is None
