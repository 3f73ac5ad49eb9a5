"""Codes that users turn off: everywhere, or in the modules that a pattern names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple


class Override(NamedTuple):
    """Codes that are off in the modules which a pattern like ``shop.legacy.*`` names."""

    module: str
    disable: frozenset[str]

    def applies_to(self, module: str) -> bool:
        """Whether the pattern names a module; ``shop.*`` includes ``shop`` itself, as in mypy's own sections."""
        return fnmatchcase(module, self.module) or (
            self.module.endswith(".*") and module == self.module.removesuffix(".*")
        )


def is_enabled(code: str, module: str, disable: Collection[str], overrides: Iterable[Override]) -> bool:
    """Whether findings with this code are reported in this module."""
    return code not in disable and not any(
        code in override.disable and override.applies_to(module) for override in overrides
    )
