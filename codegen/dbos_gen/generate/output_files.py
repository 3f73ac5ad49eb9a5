"""Text to files: what would change, and the change itself, all or nothing as far as a file system allows."""

from __future__ import annotations

import contextlib
import difflib
import enum
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dbos_gen.contract.lock import is_lock
from dbos_gen.sources.display_paths import relative
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.identifiers import MARK

# A package may already have these; whatever they hold does no harm, so the user's own are kept.
_KEPT = frozenset({"__init__.py", "py.typed"})


_STAGED = ".dbos-gen-"
# Another run may be writing now; it takes seconds.
_ABANDONED_SECONDS = 300


class Action(enum.Enum):
    """What happens to a file of the output package."""

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file of the output package; ``shown`` is its path in messages, with forward slashes."""

    file: Path
    shown: str
    action: Action
    before: str
    after: str

    def diff(self) -> str:
        """Return a unified diff, empty when nothing changes."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            fromfile=f"a/{self.shown}" if self.action is not Action.CREATE else "/dev/null",
            tofile=f"b/{self.shown}" if self.action is not Action.REMOVE else "/dev/null",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def unchanged(file: Path, *, base: Path) -> FileChange:
    """Return that a file stays as it is."""
    return FileChange(file=file, shown=relative(file, base), action=Action.SAME, before="", after="")


def lock_change(file: Path, after: str, *, base: Path, diagnostics: Diagnostics) -> FileChange:
    """Compare the wanted lock file with the one that is there; another file of that name is an error."""
    shown = relative(file, base)
    before = _read(file, shown, diagnostics)
    if before is None:
        return FileChange(file=file, shown=shown, action=Action.CREATE, before="", after=after)
    if not is_lock(before):
        _refuse(shown, "move it; the name is fixed, because `dbos-gen diff` looks for it in old revisions", diagnostics)
    action = Action.SAME if before == after else Action.UPDATE
    return FileChange(file=file, shown=shown, action=action, before=before, after=after)


def compare(
    texts: Mapping[str, str], same: Iterable[str], folder: Path, *, base: Path, diagnostics: Diagnostics
) -> tuple[FileChange, ...]:
    """Compare the wanted files with those in the output folder; files that dbos-gen did not write are left alone.

    ``same`` are files that are known to be as they should. Paths are relative to the folder.
    """
    changes = [unchanged(folder / path, base=base) for path in same]
    wanted = {folder / path: text for path, text in texts.items()}
    for file, after in sorted(wanted.items()):
        shown = relative(file, base)
        before = _read(file, shown, diagnostics)
        if before is None:
            changes.append(FileChange(file=file, shown=shown, action=Action.CREATE, before="", after=after))
        elif before.startswith(MARK):
            action = Action.SAME if before == after else Action.UPDATE
            changes.append(FileChange(file=file, shown=shown, action=action, before=before, after=after))
        elif file.name not in _KEPT:
            _refuse(shown, "move it, or choose another `output`", diagnostics)
    known = {change.file for change in changes} | set(wanted)
    for file, before in _ours(folder, known, diagnostics, base):
        changes.append(FileChange(file=file, shown=relative(file, base), action=Action.REMOVE, before=before, after=""))
    return tuple(changes)


def check_places(files: Iterable[Path], *, base: Path, diagnostics: Diagnostics) -> None:
    """Report folders of files that links lead out of `base`, where nothing is to be written."""
    inside = base.resolve()
    for folder in sorted({file.parent for file in files}):
        if not folder.resolve().is_relative_to(inside):
            what = "a link leads from this folder out of the project, where nothing is written"
            diagnostics.add(Code.DG004, relative(folder, base), 0, what, "remove the link, or choose another `output`")


def _refuse(shown: str, hint: str, diagnostics: Diagnostics) -> None:
    diagnostics.add(Code.DG005, shown, 1, "this file was not written by dbos-gen and would be overwritten", hint)


def apply(changes: Iterable[FileChange], folder: Path, *, diagnostics: Diagnostics) -> None:
    """Carry out a plan. Everything is written beside its place first, so that a failure leaves the old files whole."""
    _remove_abandoned(folder)
    pending = [change for change in changes if change.action in (Action.CREATE, Action.UPDATE)]
    staged: list[tuple[str, FileChange]] = []
    current: FileChange | None = None
    try:
        for change in pending:
            current = change
            change.file.parent.mkdir(parents=True, exist_ok=True)
            staged.append((_stage(change), change))
        for temporary, change in staged:
            current = change
            os.replace(temporary, change.file)  # noqa: PTH105  # the source is a plain path from tempfile
        for change in changes:
            if change.action is Action.REMOVE:
                current = change
                change.file.unlink(missing_ok=True)
                _remove_empty(change.file.parent, folder)
    except OSError as error:
        for temporary, _ in staged:
            Path(temporary).unlink(missing_ok=True)
        shown = current.shown if current is not None else folder.name
        reason = error.strerror or str(error)
        diagnostics.add(Code.DG004, shown, 0, f"the file cannot be written: {reason}", "check the folder's permissions")


def _stage(change: FileChange) -> str:
    handle, temporary = tempfile.mkstemp(prefix=_STAGED, dir=change.file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(change.after)
        # mkstemp makes private files; generated code is as readable as the file it replaces, or as any new file.
        mode = change.file.stat().st_mode & 0o777 if change.file.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _read(file: Path, shown: str, diagnostics: Diagnostics) -> str | None:
    try:
        # Newlines are normalised: a checkout may have translated them.
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}"
    except OSError as error:
        reason = error.strerror or str(error)
        diagnostics.add(Code.DG004, shown, 0, f"the place of this file cannot be used: {reason}", "move what is there")
        return None


def _ours(folder: Path, known: set[Path], diagnostics: Diagnostics, base: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of the folder that dbos-gen wrote and nobody wants, with their text."""
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(parent, name)
            if file not in known and file.suffix in (".py", ".pyi", ".typed"):
                text = _read(file, relative(file, base), diagnostics)
                if text is not None and text.startswith(MARK):
                    yield file, text


def _remove_abandoned(folder: Path) -> None:
    """Remove what a run that was killed had written beside the place of its files."""
    before = time.time() - _ABANDONED_SECONDS
    for file in folder.rglob(f"{_STAGED}*"):
        with contextlib.suppress(OSError):
            if file.stat().st_mtime < before:
                file.unlink()


def _remove_empty(folder: Path, output: Path) -> None:
    with contextlib.suppress(OSError):
        while folder != output:
            folder.rmdir()
            folder = folder.parent
