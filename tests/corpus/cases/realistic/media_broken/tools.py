import os
import subprocess
from pathlib import Path


def ffmpeg(*arguments: str) -> int:
    return subprocess.call(["ffmpeg", *arguments])


def target(path: Path, width: int) -> Path:
    return path.with_suffix(f".{width}.mp4")


def threads() -> int:
    return int(os.environ.get("THREADS", "1"))


class Encoder:
    def __init__(self, width: int) -> None:
        self.width = width

    def encode(self, path: Path) -> int:
        return ffmpeg(str(path), str(self.output(path)))

    def output(self, path: Path) -> Path:
        return target(path, self.width)
