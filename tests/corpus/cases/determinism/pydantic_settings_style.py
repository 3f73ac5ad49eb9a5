from __future__ import annotations

import os
from functools import lru_cache

from pydantic import BaseModel, Field, field_validator, model_validator
from typing_extensions import Self

from dbos_typed import DBOS


class Limits(BaseModel):
    low: int = 0
    high: int = Field(default=10, ge=0)

    @model_validator(mode="after")
    def ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low above high")
        return self


class Job(BaseModel):
    name: str
    limits: Limits = Limits()

    @field_validator("name")
    @classmethod
    def stripped(cls, value: str) -> str:
        return value.strip()

    @property
    def label(self) -> str:
        return f"{self.name}:{self.limits.high}"


class Settings(BaseModel):
    region: str = os.environ.get("REGION", "eu")
    limits: Limits = Limits(high=3)


SETTINGS = Settings()


@lru_cache
def limits_of(name: str) -> Limits:
    return Limits(high=len(name))


@DBOS.workflow()
def plan(job: Job) -> str:
    narrowed = job.model_copy(update={"limits": limits_of(job.name)})
    again = Job.model_validate(narrowed.model_dump())
    settings = Settings(region="us")
    return f"{again.label}{SETTINGS.region}{settings.limits.high}{Job(name=' a ').label}"
