"""Names that reach the module in every way there is."""

from __future__ import annotations

import datetime as dt
import decimal
import sys
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Annotated, Literal, Optional, Union

import imports.models.goods
from imports import DBOS, Item
from imports import models as m
from imports.models import _Secret as Hidden
from imports.models.people import *

from . import models
from .models import goods as stock

if TYPE_CHECKING:
    from uuid import UUID

if sys.version_info >= (3, 12):
    from typing import override
else:
    from typing_extensions import override

try:
    from decimal import Decimal
except ImportError:
    Decimal = float  # type: ignore[misc, assignment]

Money = decimal.Decimal
Engine = DBOS
workflow = DBOS.workflow

if sys.platform == "win32":

    @DBOS.workflow()
    def conditional(path: str) -> int:
        return 1

else:

    @DBOS.workflow()
    def conditional(path: str) -> int:
        return 2


@workflow()
def several(
    item: Item,
    same: m.Item,
    again: stock.Item,
    whole: imports.models.goods.Item,
    relative: models.Customer,
    starred: Customer,
    hidden: Hidden,
) -> Customer:
    return starred


@Engine.workflow()
def standard(
    when: dt.datetime,
    price: Decimal,
    total: Money,
    identity: UUID,
    quoted: "Optional[Item]",
    inner: list["Item | None"],
    either: Union[int, "str", None],
    mode: Literal["a", 'b"', 3, True, None],
    noted: Annotated[int, "positive", len],
) -> tuple[()]:
    return ()


@Engine.workflow()
def bare(
    a: list,  # type: ignore[type-arg]
    b: dict,  # type: ignore[type-arg]
    c: tuple,  # type: ignore[type-arg]
    d: deque,  # type: ignore[type-arg]
    e: OrderedDict,  # type: ignore[type-arg]
) -> set:  # type: ignore[type-arg]
    return set()


_ = override
