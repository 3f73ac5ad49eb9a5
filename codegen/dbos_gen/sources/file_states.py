"""Whether files are as they were: their time and size, or else their content, decide."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

# File systems count time in ticks: a file changed this shortly before it was read may change again unseen.
_TICK_NS = 20_000_000


def digest(data: bytes) -> str:
    """Return the digest by which content is compared."""
    return hashlib.sha256(data).hexdigest()[:32]


def content_digest(data: bytes) -> str:
    """Return the digest of a file; a checkout may have translated its newlines."""
    return digest(data.replace(b"\r\n", b"\n"))


class Files:
    """Digests of files, by their time and size where these were seen before."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, int, str]] = {}
        self._seen: dict[str, tuple[int, int, str]] = {}

    def digest(self, file: Path | str) -> str:
        """Return the digest of a file, "" when it cannot be read."""
        key = os.fspath(file)
        seen = self._seen.get(key)
        if seen is not None:
            return seen[2]
        try:
            status = os.stat(key)  # noqa: PTH116  # called thousands of times, and Path costs more than the call
            known = self.known.get(key)
            if known is not None and known[0] == status.st_mtime_ns and known[1] == status.st_size:
                self._seen[key] = known
                return known[2]
            with open(key, "rb") as stream:  # noqa: PTH123  # as above
                found = content_digest(stream.read())
        except OSError:
            return ""
        is_settled = time.time_ns() - status.st_mtime_ns > _TICK_NS
        self._seen[key] = (status.st_mtime_ns if is_settled else 0, status.st_size, found)
        return found

    def forget(self, file: Path) -> None:
        """Read a file anew that was written in the meantime."""
        self._seen.pop(os.fspath(file), None)

    def seen(self) -> dict[str, tuple[int, int, str]]:
        """Return what is known of the files that were asked for."""
        return self._seen
