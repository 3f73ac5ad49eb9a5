"""How what only the application knows is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from dbos_typed.api.registration import codec
from dbos_typed.codec import Reducer

T = TypeVar("T")


class Storing:
    """Registration of classes that the engine cannot take apart itself."""

    @classmethod
    def register_exception(cls, kind: type[T], *, reduce: Callable[[T], object], rebuild: Callable[[Any], T]) -> None:
        """Say how an exception class is stored that does not come back by itself, or what exceptions carry.

        ```python
        DBOS.register_exception(
            GatewayError, reduce=lambda error: [error.code, error.body], rebuild=lambda data: GatewayError(*data)
        )
        ```

        `reduce` gives data that can be stored, `rebuild` makes the exception of it; both run in every process that
        records or replays, so register it where the class is imported. Its text must be the same again, or the
        exception is stored as if nothing were registered. Instances of subclasses are not made by it. The last one for
        a class counts. TypeError: `kind` is no class, or one of the functions is none.
        """
        if not isinstance(cast("object", kind), type):
            msg = f"DBOS.register_exception was given {kind!r}; give the class itself."
            raise TypeError(msg)
        for name, function in (("reduce", reduce), ("rebuild", rebuild)):
            if not callable(cast("object", function)):
                msg = f"the {name} of DBOS.register_exception for {kind.__name__} is {function!r}; give a function."
                raise TypeError(msg)
        codec.add_reducer(kind, Reducer(reduce=reduce, rebuild=rebuild))
