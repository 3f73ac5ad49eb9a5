"""Walking through folders in which links may lead anywhere, also back."""

from __future__ import annotations

import os


def entries(folder: str) -> list[os.DirEntry[str]]:
    """Return what a folder holds; sorted, because the order in which folders list it differs between machines."""
    with os.scandir(folder) as found:
        return sorted(found, key=lambda entry: entry.name)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder; a link that leads nowhere is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def is_file(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a file; a link that leads nowhere is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


class Links:
    """Which links of a walk are followed: each place once, and none that leads back to where it stands."""

    def __init__(self) -> None:
        self._followed: set[str] = set()

    def follows(self, folder: str) -> bool:
        """Whether a folder is entered."""
        if not os.path.islink(folder):  # noqa: PTH114  # called for every folder of a project
            return True
        target = os.path.realpath(folder)
        place = os.path.realpath(os.path.dirname(folder))  # noqa: PTH120  # as above
        if target in self._followed or os.path.commonpath((target, place)) == target:
            return False
        self._followed.add(target)
        return True
