"""Configurations as they may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dbos_typed.config.keys import ConfigFile
from dbos_typed.config.urls import MASK, is_secret_name, masked_text


def masked(config: ConfigFile) -> ConfigFile:
    """A copy in which passwords, tokens and other secrets are replaced by ***."""
    return cast("ConfigFile", _masked(config, ""))


def _masked(value: Any, name: str) -> Any:  # noqa: ANN401  # the application's own section may hold anything
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, Any]", value)
        return {key: _masked(each, str(key)) for key, each in mapping.items()}
    if isinstance(value, list | tuple):
        return [_masked(each, name) for each in cast("list[Any]", value)]
    if is_secret_name(name) and value is not None:
        return MASK
    return masked_text(value) if isinstance(value, str) else value
