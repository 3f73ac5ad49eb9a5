"""Paths as messages and generated headers show them: relative, with forward slashes, the same on every machine."""

from __future__ import annotations

import os
from pathlib import Path, PurePath


def relative(file: Path, base: Path) -> str:
    """Return the path from the folder `base`, which may lie beside or below the file."""
    return PurePath(os.path.relpath(file, base)).as_posix()
