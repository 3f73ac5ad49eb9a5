import random

from dbos_typed import DBOS, DBOSConfiguredInstance


class Strategy:
    def choose(self, names: list[str]) -> str:
        return names[0]


class RandomStrategy(Strategy):
    def choose(self, names: list[str]) -> str:
        return random.choice(names)


class LastStrategy(Strategy):
    def choose(self, names: list[str]) -> str:
        return super().choose(names[::-1])


class Player(DBOSConfiguredInstance):
    def shuffle(self, names: list[str]) -> list[str]:
        random.shuffle(names)
        return names

    def order(self, names: list[str]) -> list[str]:
        return sorted(names)


class Champion(Player):
    def shuffle(self, names: list[str]) -> list[str]:
        return super().shuffle(names)

    @DBOS.workflow()
    def play(self, names: list[str]) -> str:
        first = RandomStrategy().choose(names)  # E: dbos-deterministic
        last = LastStrategy().choose(names)
        mixed = self.shuffle(names)  # E: dbos-deterministic
        ordered = super().order(names)
        other = super().shuffle(names)  # E: dbos-deterministic
        return first + last + mixed[0] + ordered[0] + other[0]
