"""Names that every database can store and index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbos_typed.core.names import MAX_BYTES, check_id, check_name

_ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize("name", ["a", " ", "é" * (MAX_BYTES // 2), "🙂", "None", "a/b:c\n", "x" * MAX_BYTES])
def test_storable_name_is_given_back(name: str) -> None:
    assert check_name(name, "the topic") == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("a\0b", "NUL"),
        ("\udfff", "surrogates"),
        ("x" * (MAX_BYTES + 1), "1025 bytes"),
        ("é" * (MAX_BYTES // 2 + 1), "1026 bytes"),
    ],
)
def test_other_name_is_refused_with_what_and_why(name: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"the topic .*{reason}"):
        check_name(name, "the topic")


@pytest.mark.parametrize("name", [None, 7, b"id", ["id"]])
def test_what_is_no_text_is_a_type_error(name: object) -> None:
    with pytest.raises(TypeError, match=r"the workflow id is .*must be a str"):
        check_id(name)


def test_long_name_is_not_repeated_in_full() -> None:
    with pytest.raises(ValueError, match="begins") as refused:
        check_name("secret" * 1000, "the key")
    assert len(str(refused.value)) < 200
    with pytest.raises(ValueError, match="NUL") as refused:
        check_name("\0" * 1_000_000, "the key")
    assert len(str(refused.value)) < 400


@given(_ANY_TEXT)
def test_accepted_name_can_be_encoded(name: str) -> None:
    try:
        accepted = check_name(name, "the key")
    except ValueError:
        return
    assert 0 < len(accepted.encode()) <= MAX_BYTES
    assert "\0" not in accepted
