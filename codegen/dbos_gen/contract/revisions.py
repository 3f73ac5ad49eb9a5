"""Lock files of other revisions."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.contract.lock import FILE_NAME, LockError


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A lock file to compare with; ``where`` is how messages name it."""

    text: str
    where: str


def read_base(project: Path, wanted: str | None) -> Base:
    """Return the lock file that a file or a git revision holds; by default HEAD's, else the one on disk.

    Raises LockError when there is none.
    """
    if wanted is None:
        found = _from_git(project, "HEAD")
        if found is not None:
            return found
        wanted = str(project / FILE_NAME)
        if not Path(wanted).is_file():
            msg = f"there is no {FILE_NAME} in HEAD or beside pyproject.toml; run dbos-gen and commit the file"
            raise LockError(msg)
    file = Path(wanted)
    if file.is_file():
        try:
            return Base(text=file.read_text(encoding="utf-8"), where=file.name)
        except (OSError, UnicodeDecodeError) as error:
            msg = f"--base {wanted}: the file cannot be read: {error}"
            raise LockError(msg) from error
    found = _from_git(project, wanted)
    if found is None:
        msg = (
            f"--base {wanted}: neither a file nor a git revision that has {FILE_NAME} beside pyproject.toml; "
            "name a lock file, or a commit since the lock file was committed"
        )
        raise LockError(msg)
    return found


def _from_git(project: Path, revision: str) -> Base | None:
    if revision.startswith("-"):
        return None
    try:
        found = subprocess.run(  # noqa: S603  # no shell, and a revision that is no option
            ["git", "show", f"{revision}:./{FILE_NAME}"],  # noqa: S607  # the user's own git
            cwd=project,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    if found.returncode != 0:
        return None
    return Base(text=found.stdout.decode("utf-8", "replace").replace("\r\n", "\n"), where=f"{FILE_NAME} of {revision}")
