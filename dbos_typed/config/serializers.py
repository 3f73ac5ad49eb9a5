"""What users write to store values in a form of their own."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Serializer(Protocol):
    """How values are written as the text that is stored: to encrypt them, say, or to compress them.

    What is given to `serialize` was made of the user's value by its annotation and consists of dict, list, str, int,
    float, bool and None; `deserialize` must give the same back. Both are called from several threads at once, and on
    event loops, so they should be quick. What they raise becomes a DBOSSerializationError.
    """

    def serialize(self, data: Any, /) -> str:  # noqa: ANN401  # a tree of JSON's types
        """The text to be stored; it must not contain NUL."""
        ...

    def deserialize(self, text: str, /) -> Any:  # noqa: ANN401  # a tree of JSON's types
        """What `serialize` was given."""
        ...
