from abc import ABC, abstractmethod
from typing import Protocol

from dbos_typed import DBOS, DBOSConfiguredInstance


class Runner(Protocol):
    def run(self, name: str) -> int: ...


class Base(DBOSConfiguredInstance, ABC):
    @abstractmethod
    def process(self, name: str, /) -> str: ...


class Worker(Base):
    @DBOS.workflow()
    def run(self, name: str) -> int:
        return len(name)

    @DBOS.workflow()
    def process(self, name: str, /) -> str:
        return name


class Other(DBOSConfiguredInstance):
    @DBOS.workflow()
    def run(self, name: int) -> int:
        return name


def drive(runner: Runner) -> int:
    return runner.run("a")


drive(Worker("w"))
drive(Other("o"))  # E: type
DBOS.start_workflow(Worker("w2").process, "a")
DBOS.start_workflow(Worker("w3").process, 3)  # E: type
