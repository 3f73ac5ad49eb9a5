"""Workflows defined in every way there is."""

from __future__ import annotations

import functools
import typing as t
from collections.abc import Callable

import dbos_typed
import dbos_typed as dt
from dbos_typed import DBOS, DBOSConfiguredInstance

from . import goods as _goods
from .goods import *

if t.TYPE_CHECKING:
    from collections.abc import Sequence

    from definitions import Goods as Aliased

P = t.ParamSpec("P")
R = t.TypeVar("R")
DEFAULT = 3
PREFIX: t.Final = "definitions"
Ids: t.TypeAlias = "dict[str, UserId]"
UserId = t.NewType("UserId", int)


class _Private(t.NamedTuple):
    number: int


class Outer:
    class Inner:
        class _Deep(t.TypedDict):
            number: int


def logged(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)

    return inner


def twice(count: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    return logged


@logged
@twice(2)
@DBOS.workflow()
@DBOS.required_roles(["clerk"])
@logged
def stacked(
    private: _Private,
    deep: Outer.Inner._Deep,
    /,
    number: t.Optional[t.List["int"]] = None,
    *args: int,
    sequence: t.Sequence[int] = (1, 2 * DEFAULT),
    names: Sequence[str] = tuple(sorted(("a", "b"))),
    letter: t.Literal["a"] = "a",
    **rest: "list[str]",
) -> t.Union[None, "_Private"]:
    return private


@dbos_typed.DBOS.workflow(name=f"{PREFIX}-computed")
def named_by_constants() -> None: ...


@dt.DBOS.workflow(name=PREFIX + "-joined")
def ids(ids: Ids, name: UserId) -> Ids:
    return ids


def _plain(number: int) -> str:
    """Made a workflow below."""
    return str(number)


applied = DBOS.workflow(name="applied")(_plain)


class Configured(DBOSConfiguredInstance):
    @DBOS.workflow()
    def itself(self, number: int) -> None: ...

    @t.final
    @DBOS.workflow()
    @classmethod
    def of_class(klass, *, number: int = 1) -> None: ...

    class Sub:
        @staticmethod
        @DBOS.workflow()
        def static() -> None: ...

    if t.TYPE_CHECKING:

        @DBOS.workflow()
        def conditional(self) -> int: ...

    else:

        @DBOS.workflow()
        def conditional(self) -> int:
            return 1


try:
    import definitions.missing
except ImportError:

    @DBOS.workflow()
    def attempted() -> int:
        return 1

else:

    @DBOS.workflow()
    def attempted() -> int:
        return 2


for _ in range(1):

    @DBOS.workflow()
    def looped() -> None: ...


match DEFAULT:
    case 3:

        @DBOS.workflow()
        def matched(*args: *tuple[int, str]) -> tuple[int, *tuple[str, ...]]:
            return 1, "x"


_ = _goods, Goods
