import os
import time
from pathlib import Path

from dbos_typed import DBOS


@DBOS.step()
def size(path: Path) -> int:
    return path.stat().st_size


@DBOS.workflow()
def sizes(paths: list[Path]) -> int:
    found = {path.name: size(path) for path in paths}
    present = [path for path in paths if path.exists()]  # E: dbos-deterministic
    if (moment := time.time()) > 0:  # E: dbos-deterministic-log
        print(moment)
    texts = {name: os.environ[name] for name in ("A", "B")}  # E: dbos-deterministic
    names = {path.suffix for path in paths}
    longest = max((len(name) for name in names), default=0)
    return sum(found.values()) + len(present) + len(texts) + longest


@DBOS.workflow()
def matched(command: str) -> float:
    match command.split():
        case ["now"]:
            return time.time()  # E: dbos-deterministic
        case ["at", at]:
            return float(at)
        case _:
            return 0.0
