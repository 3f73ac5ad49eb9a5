import subprocess
import tempfile
from pathlib import Path
from typing import TypedDict


class Info(TypedDict):
    width: int
    height: int


def probe(path: Path) -> Info:
    out = subprocess.run(["ffprobe", str(path)], capture_output=True, text=True, check=True).stdout
    width, height = out.split("x")
    return {"width": int(width), "height": int(height)}


def scratch() -> Path:
    return Path(tempfile.mkdtemp())


def fits(info: Info, limit: int) -> bool:
    return max(info["width"], info["height"]) <= limit
