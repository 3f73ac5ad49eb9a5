"""What messages of databases tell of the values that a statement was given."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"')
_DATA_EXCEPTION = "22"
"""The class of errors whose message quotes the value that the server did not like."""
_TELLING = ("DETAIL:", "CONTEXT:")
_OTHERS = ("HINT:", "LINE ", "[SQL", "QUERY:", "(Background")
_PARAMETERS = re.compile(r"\n?\[parameters: .*\](?=\n|$)")
"""As SQLAlchemy writes them below a statement."""


def without_quoted_value(message: str, sqlstate: str | None) -> str:
    """The first line of a message without the value that it quotes, if it is of a kind that quotes one."""
    return _QUOTED.sub('"***"', message) if (sqlstate or "").startswith(_DATA_EXCEPTION) else message


def without_details(text: str, sqlstate: str | None) -> str:
    """A message of PostgreSQL without the parts that tell values."""
    lines: list[str] = []
    is_hidden = False
    for number, line in enumerate(text.split("\n")):
        if line.startswith(_TELLING):
            is_hidden = True
        elif line.startswith(_OTHERS):
            is_hidden = False
        if not is_hidden:
            lines.append(line if number else without_quoted_value(line, sqlstate))
    return "\n".join(lines)


def without_parameters(text: str) -> str:
    """A message of SQLAlchemy without the line that tells the parameters of a statement."""
    return _PARAMETERS.sub("", text)
