from __future__ import annotations

import functools
import random
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Applicant:
    name: str
    born: date
    income: int


def age(applicant: Applicant, today: date | None = None) -> int:
    reference = today or date.today()
    return reference.year - applicant.born.year


def noise() -> float:
    return random.gauss(0, 1)


@functools.lru_cache(maxsize=100)
def base_rate(year: int) -> float:
    return 3.0 + year % 2


def score(applicant: Applicant, rate: float) -> float:
    return applicant.income / rate
