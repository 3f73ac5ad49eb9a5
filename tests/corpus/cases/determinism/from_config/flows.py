from __future__ import annotations

from pathlib import Path

from dbos_typed import DBOS
from from_config import config
from from_config.config import CONFIG, Config, current


@DBOS.step()
def load(path: Path) -> Config:
    return Config.from_file(path)


@DBOS.workflow()
def upload(name: str, path: Path) -> str:
    loaded = load(path)
    url = f"{CONFIG.bucket}/{config.CONFIG.retries}/{loaded.bucket}/{name}"
    fresh = Config.from_env()  # E: dbos-deterministic
    again = Config.from_file(path)  # E: dbos-deterministic
    cached = current()  # E: dbos-deterministic
    return url + fresh.bucket + again.bucket + cached.bucket + Config(bucket=name).bucket
