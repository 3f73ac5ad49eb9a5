from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel


class Config(BaseModel):
    bucket: str
    retries: int = 3

    @classmethod
    def from_env(cls) -> Config:
        return cls(bucket=os.environ["BUCKET"])

    @classmethod
    def from_file(cls, path: Path) -> Config:
        return cls.model_validate_json(path.read_text())


CONFIG = Config.from_env()


@lru_cache
def current() -> Config:
    return Config.from_env()
