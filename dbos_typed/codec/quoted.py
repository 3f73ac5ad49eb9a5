"""What PostgreSQL's messages tell of the values that a statement was given."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"')
_DATA_EXCEPTION = "22"
"""The class of errors whose message quotes the value that the server did not like."""


def without_quoted_value(message: str, sqlstate: str | None) -> str:
    """The first line of a message without the value that it quotes, if it is of a kind that quotes one."""
    return _QUOTED.sub('"***"', message) if (sqlstate or "").startswith(_DATA_EXCEPTION) else message
