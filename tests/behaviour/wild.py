"""What users may pass, by intention or not: strategies for names, values and options."""

import math
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

characters = st.characters(codec=None, exclude_categories=())
"""Every character, NUL and lone surrogates too."""

names = st.text(characters, max_size=12) | st.sampled_from(
    ["", "\x00", "\ud800", "é" * 512, "é" * 513, "日" * 341, "%", "'; --", "a%s", "{}", "\\", "\u202e", "_", " ", "*"]
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(characters)
    | st.binary()
    | st.datetimes()
    | st.decimals(allow_nan=False)
    | st.uuids()
    | st.sampled_from([-(2**64), 2**53 + 1, -0.0, 5e-324, math.inf, -math.inf, math.nan, "x" * 1_000_000, "\x00" * 100])
    | st.sampled_from([1, 5000]).map(lambda digits: 10**digits)
)

payloads = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(characters, max_size=5) | st.integers(), inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=10,
)

anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | names
    | st.binary(max_size=3)
    | st.just(object())
    | st.lists(names | st.integers(), max_size=3)
    | st.dictionaries(names, st.integers(), max_size=2)
    | st.datetimes()
)
"""For an option: a value that may be right by chance, or of another type altogether."""

THOROUGHLY = settings(
    max_examples=60, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None, database=None
)


def is_same(left: Any, right: Any) -> bool:
    """Equality that tells types, signs and NaN apart."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(is_same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(is_same(left[key], right[key]) for key in left)
    return bool(left == right)
