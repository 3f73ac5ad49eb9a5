import random
import time

from dbos_typed import DBOS, DBOSConfiguredInstance


class Clock:
    def __init__(self, zone: str) -> None:
        self.zone = zone

    def now(self) -> float:
        return time.time()

    def name(self) -> str:
        return self.zone


class Base(DBOSConfiguredInstance):
    def pick(self, names: list[str]) -> str:
        return random.choice(names)

    def first(self, names: list[str]) -> str:
        return names[0]


@DBOS.dbos_class()
class Game(Base):
    @DBOS.step()
    def roll(self, sides: int) -> int:
        return random.randint(1, sides)

    @DBOS.workflow()
    def play(self, names: list[str]) -> str:
        player = self.pick(names)  # E: dbos-deterministic
        other = self.first(names)
        clock = Clock("utc")
        print(clock.name(), self.roll(6))
        print(clock.now())  # E: dbos-deterministic-log
        return player + other

    @classmethod
    @DBOS.workflow()
    def round(cls, names: list[str]) -> str:
        return cls.draw(names)  # E: dbos-deterministic

    @staticmethod
    def draw(names: list[str]) -> str:
        return random.choice(names)
