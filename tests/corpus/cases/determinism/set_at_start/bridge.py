from __future__ import annotations

import asyncio

_loop: asyncio.AbstractEventLoop | None = None
_options: dict[str, str] = {}
paused = False


def set_loop(loop: asyncio.AbstractEventLoop) -> None:
    global _loop
    _loop = loop


def is_attached() -> bool:
    return _loop is not None


def configure(options: dict[str, str]) -> None:
    _options.update(options)


def option(name: str) -> str:
    return _options[name]


def pause(value: bool) -> None:
    global paused
    paused = value
