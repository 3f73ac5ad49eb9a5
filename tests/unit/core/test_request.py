"""The stored HTTP request: what is no request says so, and raises nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbos_typed.core.request import Address, Headers, Request, RequestSource, decode_request, encode_request
from dbos_typed.error import DBOSSerializationError

REQUEST = Request(
    headers=Headers({"Accept": "text/plain"}),
    path_params={"id": "1"},
    query_params={"q": "x"},
    url="http://shop/orders/1?q=x",
    base_url="http://shop/",
    client=Address("10.0.0.1", 80),
    cookies={},
    method="GET",
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def test_request_comes_back() -> None:
    back = decode_request(encode_request(REQUEST))
    assert dict(back.headers) == dict(REQUEST.headers)
    assert (back.path_params, back.query_params, back.client) == ({"id": "1"}, {"q": "x"}, Address("10.0.0.1", 80))
    assert (back.url, back.base_url, back.method, back.cookies) == (REQUEST.url, REQUEST.base_url, "GET", {})


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "{}", "<b'x'>", "[" * 100_000])
def test_what_is_no_request_is_told(text: str) -> None:
    with pytest.raises(DBOSSerializationError, match="the stored request cannot be read"):
        decode_request(text)


@given(
    name=st.sampled_from(["headers", "path_params", "query_params", "url", "base_url", "client", "method"]), value=_JSON
)
def test_any_part_is_read_or_told(name: str, value: object) -> None:
    text = json.dumps({**json.loads(encode_request(REQUEST)), name: value})
    try:
        back = decode_request(text)
    except DBOSSerializationError:
        return
    assert all(isinstance(header, str) for header in back.headers.values())
    assert isinstance(back.url, str)
    assert back.client is None or isinstance(back.client.port, int)


def test_request_that_cannot_be_read_is_handed_on() -> None:
    source = RequestSource.of_stored("broken")
    assert source is not None
    assert source.stored == "broken"
