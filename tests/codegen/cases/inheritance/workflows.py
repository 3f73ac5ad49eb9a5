"""Workflows that classes have from their bases."""

from __future__ import annotations

from typing import Generic, TypeVar

from dbos_typed import DBOS, DBOSConfiguredInstance
from inheritance import bases
from inheritance.bases import Audited

K = TypeVar("K")


@DBOS.dbos_class("shop")
class Shop(bases.Base[str, bytes], Audited):
    @DBOS.workflow()
    def own(self) -> bool:
        return True


class Branch(Shop):
    @DBOS.workflow()
    def again(self) -> int:
        return 2

    def build(self) -> None:  # type: ignore[override]
        """Not a workflow any more."""


class Half(bases.Base[K, int]):
    """Knows one of two types."""


class Bare(bases.Base):  # type: ignore[type-arg]
    """Knows none."""


class Crate(DBOSConfiguredInstance, Generic[K]):
    @DBOS.workflow()
    def pack(self, thing: K) -> list[K]:
        DBOS.set_event("thing", thing)
        return [thing]

    @DBOS.workflow()
    def drop(self, thing: K) -> None: ...

    @DBOS.workflow()
    def size(self) -> int:
        return 1
