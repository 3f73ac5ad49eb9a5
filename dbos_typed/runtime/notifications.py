"""The payloads of notifications. Anybody who may connect to the database can send one, so anything may come."""

from __future__ import annotations

import json
import re
from typing import TypeGuard, cast

from dbos_typed.core.ports import Signal

CANCEL_PARTS = 3
"""A cancellation is ("cancel", workflow id, run token)."""
_TOKEN = re.compile(r"[0-9]{1,19}")


def signals_of(payload: str) -> list[Signal] | None:
    """The signals that an executor sent; None: it is no payload of ours."""
    try:
        found: object = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not found:
        return None
    parts = cast("list[object]", found)
    signals = [tuple(part) for part in parts if _is_signal(part)]
    return signals if len(signals) == len(parts) else None


def _is_signal(part: object) -> TypeGuard[list[str]]:
    if not isinstance(part, list) or not part:
        return False
    texts = cast("list[object]", part)
    if not all(isinstance(text, str) for text in texts):
        return False
    return texts[0] != "cancel" or (len(texts) == CANCEL_PARTS and _TOKEN.fullmatch(str(texts[-1])) is not None)
