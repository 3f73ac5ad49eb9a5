"""Workflows and steps as methods of instances and classes, and as static methods."""

from abc import ABC, abstractmethod
from typing import Protocol

from typing_extensions import assert_type

from dbos_typed import DBOS, WorkflowHandle, WorkflowHandleAsync


class Shop:
    @DBOS.workflow()
    def restock(self, sku: str, count: int = 1) -> float:
        return float(self.price(sku) * count)

    @DBOS.workflow()
    async def audit(self, sku: str) -> list[str]:
        return [sku]

    @classmethod
    @DBOS.workflow()
    def open(cls, sku: str) -> float:
        return float(len(sku))

    @DBOS.workflow()
    @classmethod
    def close(cls, sku: str) -> float:
        return float(len(sku))

    @classmethod
    @DBOS.workflow()
    async def move(cls, sku: str) -> float:
        return float(len(sku))

    @staticmethod
    @DBOS.workflow()
    def tally(sku: str) -> float:
        return float(len(sku))

    @DBOS.workflow()
    @staticmethod
    def total(sku: str) -> float:
        return float(len(sku))

    @DBOS.step()
    def price(self, sku: str) -> int:
        return len(sku)

    @classmethod
    @DBOS.step()
    def tax(cls, sku: str) -> int:
        return len(sku)

    @DBOS.step()
    @classmethod
    def duty(cls, sku: str) -> int:
        return len(sku)

    @DBOS.step()
    @staticmethod
    def weight(sku: str) -> int:
        return len(sku)

    def use(self) -> None:
        assert_type(self.restock("s"), float)
        assert_type(self.price("s"), int)
        assert_type(DBOS.start_workflow(self.restock, "s", count=2), WorkflowHandle[float])
        self.restock(1)  # E: mypy,plugin arg-type | pyright reportArgumentType


class Branch(Shop):
    def local(self) -> None:
        assert_type(super().restock("s"), float)
        assert_type(DBOS.start_workflow(self.audit, "s"), WorkflowHandle[list[str]])


shop = Branch()

assert_type(shop.restock("s"), float)
assert_type(DBOS.start_workflow(shop.restock, "s"), WorkflowHandle[float])
assert_type(DBOS.start_workflow(shop.audit, "s"), WorkflowHandle[list[str]])
assert_type(DBOS.start_workflow(Shop.restock, shop, "s"), WorkflowHandle[float])
shop.restock(1)  # E: mypy,plugin arg-type | pyright reportArgumentType
shop.restock()  # E: mypy,plugin call-arg | pyright reportCallIssue
DBOS.start_workflow(shop.restock, 1)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(Shop.restock, "s")  # E: mypy,plugin call-overload | pyright reportCallIssue

assert_type(Shop.open("s"), float)
assert_type(shop.open("s"), float)
assert_type(Shop.close("s"), float)
assert_type(DBOS.start_workflow(Branch.open, "s"), WorkflowHandle[float])
assert_type(DBOS.start_workflow(shop.open, "s"), WorkflowHandle[float])
assert_type(DBOS.start_workflow(Shop.close, "s"), WorkflowHandle[float])
Shop.open(1)  # E: mypy,plugin arg-type | pyright reportArgumentType
DBOS.start_workflow(Shop.open, 1)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType

assert_type(Shop.tally("s"), float)
assert_type(shop.tally("s"), float)
assert_type(Shop.total("s"), float)
assert_type(DBOS.start_workflow(Shop.tally, "s"), WorkflowHandle[float])
assert_type(DBOS.start_workflow(shop.total, "s"), WorkflowHandle[float])
DBOS.start_workflow(Shop.tally, 1)  # E: mypy,plugin call-overload | pyright reportCallIssue,reportArgumentType

assert_type(shop.price("s"), int)
assert_type(Shop.tax("s"), int)
assert_type(shop.duty("s"), int)
assert_type(Shop.weight("s"), int)
shop.price(1)  # E: mypy,plugin arg-type | pyright reportArgumentType
DBOS.start_workflow(shop.price, "s")  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType
DBOS.start_workflow(Shop.tax, "s")  # E: mypy call-overload | plugin dbos-workflow | pyright reportCallIssue,reportArgumentType


async def asynchronously() -> None:
    assert_type(await shop.audit("s"), list[str])
    assert_type(await DBOS.start_workflow_async(shop.audit, "s"), WorkflowHandleAsync[list[str]])
    assert_type(await DBOS.start_workflow_async(Shop.move, "s"), WorkflowHandleAsync[float])
    await DBOS.start_workflow_async(shop.restock, "s")  # E: mypy arg-type | plugin dbos-async | pyright reportArgumentType


# A workflow may implement or override a method. Pyright compares the undecorated parameters, `self` included.
class Restocks(Protocol):
    def restock(self, sku: str, count: int = 1) -> float: ...


class Warehouse(ABC):
    @abstractmethod
    def restock(self, sku: str, count: int = 1) -> float: ...

    def weigh(self, sku: str) -> int:
        return len(sku)


class Depot(Warehouse):
    @DBOS.workflow()
    def restock(self, sku: str, count: int = 1) -> float:  # E: pyright reportIncompatibleMethodOverride
        return float(len(sku) * count)

    @DBOS.step()
    def weigh(self, sku: str) -> int:
        return len(sku)


class Kiosk(Shop):
    @DBOS.workflow()
    def restock(self, sku: str, count: int = 1) -> float:  # E: pyright reportIncompatibleVariableOverride
        return super().restock(sku, count)


restocks: Restocks = shop  # E: pyright reportAssignmentType
