import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Protocol

from dbos_typed import DBOS


class Source(Protocol):
    def next(self) -> int: ...


class Dice:
    def next(self) -> int:
        return random.randint(1, 6)


class Counter:
    def __init__(self) -> None:
        self.value = 0

    def next(self) -> int:
        self.value += 1
        return self.value


class Rule(ABC):
    @abstractmethod
    def apply(self, value: int) -> int: ...

    def twice(self, value: int) -> int:
        return self.apply(self.apply(value))


class Double(Rule):
    def apply(self, value: int) -> int:
        return value * 2


def draw(source: Source) -> int:
    return source.next()


def call(function: Callable[[], int]) -> int:
    return function()


@DBOS.step()
def roll() -> int:
    return draw(Dice())


@DBOS.workflow()
def game(rounds: int) -> int:
    total = Double().twice(rounds)
    counter = Counter()
    for _ in range(rounds):
        total += draw(counter) + counter.next() + roll() + call(lambda: 3)
    return total + Dice().next()  # E: dbos-deterministic
