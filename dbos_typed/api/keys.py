"""Typed names of events, message topics and streams."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast, get_args

from dbos_typed.core.names import check_name

T = TypeVar("T")


class TypedKey(Generic[T]):
    """A name together with the type of the values stored under it; immutable and hashable.

    Write the type in brackets, `Event[int]("progress")`, so that type checkers and the runtime know it. Keys are equal
    when their class, name and value type are.
    """

    __slots__ = ("__orig_class__", "_name")

    def __init__(self, name: str) -> None:
        """Raise TypeError unless `name` is a string, ValueError when it is empty or cannot be stored."""
        if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]  # the caller may be unchecked
            raise TypeError(f"The name of a {type(self).__name__} is a string, not {name!r}.")
        if not name:
            raise ValueError(f"The name of a {type(self).__name__} is empty. Give it one that says what is stored.")
        check_name(name, f"the name of a {type(self).__name__}")
        object.__setattr__(self, "_name", name)

    @property
    def name(self) -> str:
        """The key or topic as it is stored."""
        return str(object.__getattribute__(self, "_name"))

    @property
    def value_type(self) -> Any:
        """The annotation in the brackets: `int` of `Event[int]("progress")`; `Any` when there are no brackets."""
        alias = getattr(self, "__orig_class__", None)
        return Any if alias is None else get_args(alias)[0]

    def __setattr__(self, name: str, value: object) -> None:
        # typing stores the subscripted class on the new instance: the one assignment there is.
        if name != "__orig_class__" or hasattr(self, name):
            raise AttributeError(
                f"{self!r} is immutable; make another {type(self).__name__} instead of setting {name!r}."
            )
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{self!r} is immutable; {name!r} cannot be deleted.")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        same = cast("TypedKey[object]", other)
        return self.name == same.name and self.value_type == same.value_type

    def __hash__(self) -> int:
        # Without the value type, which may be an unhashable annotation.
        return hash((type(self), self.name))

    def __reduce__(self) -> tuple[Any, ...]:
        return getattr(self, "__orig_class__", type(self)), (self.name,)

    def __repr__(self) -> str:
        value_type = self.value_type
        if value_type is Any:
            return f"{type(self).__name__}({self.name!r})"
        shown = value_type.__name__ if isinstance(value_type, type) else value_type
        return f"{type(self).__name__}[{shown}]({self.name!r})"


class Event(TypedKey[T]):
    """The key of an event: `PROGRESS = Event[int]("progress")`, for `set_event` and `get_event`."""

    __slots__ = ()


class Topic(TypedKey[T]):
    """The topic of messages: `APPROVAL = Topic[Approval]("approval")`, for `send` and `recv`."""

    __slots__ = ()


class Stream(TypedKey[T]):
    """The key of a stream: `LINES = Stream[str]("lines")`, for `write_stream` and `read_stream`."""

    __slots__ = ()
