"""Rows that hold what their columns should not, and what records say in its place.

PostgreSQL keeps the types of columns; SQLite stores anything in any of them, and somebody may have written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

NO_NUMBER = -1
"""Stands for a number that has to be there; none of ours is below zero."""
_LONGEST = 80
_MOST_KNOWN = 1024


class Columns:
    """The columns of a table in the order of its rows, each with the types of the values that it may hold."""

    def __init__(self, types: Mapping[str, str], required: Iterable[str]) -> None:
        """Columns by the names of their SQL types; the required ones are never NULL."""
        never_null = frozenset(required)
        self._allowed = {
            name: frozenset({str if sql == "text" else int} | (set() if name in never_null else {type(None)}))
            for name, sql in types.items()
        }
        self._known: dict[tuple[type, ...], Sequence[str]] = {}

    def misfits(self, found: tuple[type, ...]) -> Sequence[str]:
        """The columns whose values are of a type that they may not hold.

        Remembered, because nearly all rows are of a few combinations of types.
        """
        known = self._known.get(found)
        if known is None:
            pairs = zip(self._allowed.items(), found, strict=True)
            known = tuple(name for (name, allowed), kind in pairs if kind not in allowed)
            if len(self._known) < _MOST_KNOWN:
                self._known[found] = known
        return known

    def mend(self, values: dict[str, object], names: Sequence[str]) -> list[str]:
        """Put stand-ins in place of the values of these columns; what is wrong with each."""
        reasons: list[str] = []
        for name in names:
            is_text = str in self._allowed[name]
            reasons.append(f"its {name} is no {'text' if is_text else 'whole number'}: {shortened(values[name])}")
            if is_text:
                values[name] = stand_in(values[name])
            else:
                values[name] = None if type(None) in self._allowed[name] else NO_NUMBER
        return reasons


def stand_in(value: object) -> str:
    """A text for what is none. No plan decodes it, because neither JSON nor what a serializer wrote begins so."""
    return f"<{shortened(value)}>"


def as_text(value: object) -> str:
    """The stored text, or its stand-in."""
    return value if isinstance(value, str) else stand_in(value)


def shortened(value: object) -> str:
    """The value as messages show it."""
    # Cut before it is written out: a BLOB may be as large as the database.
    text = repr(value[:_LONGEST] if isinstance(value, str | bytes) else value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
