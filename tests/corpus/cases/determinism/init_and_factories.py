import os
import random
import time
from dataclasses import dataclass, field

from dbos_typed import DBOS


class Job:
    def __init__(self, name: str) -> None:
        self.name = name
        self.created = time.time()


class Tag:
    def __init__(self, name: str) -> None:
        self.name = name


@dataclass
class Ticket:
    title: str
    number: int = 0

    def __post_init__(self) -> None:
        self.number = random.randint(1, 100)

    @classmethod
    def first(cls, title: str) -> "Ticket":
        return cls(title, 1)


@dataclass
class Settings:
    region: str = field(default_factory=lambda: os.environ["REGION"])


@DBOS.step()
def make(name: str) -> float:
    return Job(name).created


@DBOS.workflow()
def run(name: str) -> str:
    tag = Tag(name)
    job = Job(name)  # E: dbos-deterministic
    return tag.name + str(job.created) + str(make(name))
