"""A log of our own: what it writes is not what the workflow decides by."""

import logging
import sys

level_now = logging.INFO
_log = logging.getLogger("app")


def configure(level: int) -> None:
    global level_now
    level_now = level
    _log.setLevel(level)


def info(text: str, *arguments: object) -> None:
    _log.info(text, *arguments)


def banner(text: str) -> None:
    sys.stdout.write(f"== {text}\n")
