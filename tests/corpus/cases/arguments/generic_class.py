from typing import Generic, TypeVar

from dbos_typed import DBOS, DBOSConfiguredInstance

T = TypeVar("T")


class Store(DBOSConfiguredInstance, Generic[T]):
    @DBOS.workflow()
    def put(self, key: str, value: T) -> T:
        return value


numbers: Store[int] = Store("numbers")
DBOS.start_workflow(numbers.put, "a", 1)
DBOS.start_workflow(numbers.put, "a", "1")  # E: type
numbers.put("a", 2)
numbers.put("a", "2")  # E: type
