"""A value goes through functions, each of which is called with the result of the one before."""

# run: flow(1)

from collections.abc import Callable

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


def give_back(n: int) -> int:
    # + audit()
    return refund(n)


class Pipeline:
    def __init__(self) -> None:
        self.stages: list[Callable[[int], int]] = []

    def then(self, stage: Callable[[int], int]) -> "Pipeline":
        self.stages.append(stage)
        return self

    def run(self, n: int) -> int:
        for stage in self.stages:
            n = stage(n)
        return n


@DBOS.workflow()
def flow(n: int) -> int:
    return Pipeline().then(pay).then(give_back).run(n)  # => return Pipeline().then(give_back).then(pay).run(n)
