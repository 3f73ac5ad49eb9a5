from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator


class Stage(str, Enum):
    LEAD = "lead"
    CUSTOMER = "customer"


class Mail(BaseModel):
    kind: Literal["mail"] = "mail"
    address: str


class Call(BaseModel):
    kind: Literal["call"] = "call"
    number: str


Contact = Annotated[Mail | Call, Field(discriminator="kind")]


class Person(BaseModel):
    name: str
    contacts: list[Contact] = []
    stage: Stage = Stage.LEAD

    @field_validator("name")
    @classmethod
    def not_empty(cls, value: str) -> str:
        if not value:
            raise ValueError("empty")
        return value

    def promoted(self) -> Person:
        return self.model_copy(update={"stage": Stage.CUSTOMER})
