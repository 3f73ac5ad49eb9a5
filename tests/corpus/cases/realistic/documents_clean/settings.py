from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    folder: Path
    timeout: float = 30.0
    batch: int = 10


SETTINGS = Settings(folder=Path(os.environ.get("FOLDER", "documents")))


def settings() -> Settings:
    return SETTINGS


@cache
def thresholds() -> dict[str, float]:
    return {"spam": 0.9, "ham": SETTINGS.timeout / 100}
