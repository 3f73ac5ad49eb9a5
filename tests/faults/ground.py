"""A folder for servers that are harmed: given to the user as which they run, and cleared however a trial ends."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres_server import (
    PostgresUnavailableError,
    ServerUser,
    installed_postgres,
    reachable_install,
    unprivileged_user,
)

# Once its standard input is closed, which happens however the process ends that started it: kills the servers beneath
# the folder, which may be frozen, and removes the folder.
_GUARDIAN = """
cat >/dev/null
for file in "$1"/*/data/postmaster.pid; do
  [ -f "$file" ] || continue
  pid=$(head -n 1 "$file")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] || continue
  kill -KILL "$pid" $(cat "/proc/$pid/task/$pid/children")
done
for place in "$1"/tmpfs-*; do
  [ -d "$place" ] && umount -l "$place" 2>/dev/null
done
rm -rf "$1"
"""


class Unsuitable(Exception):
    """This machine cannot stage the fault; the message says why."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder for servers and for what belongs to them, and the user as which they run."""

    folder: Path
    install: Path
    user: ServerUser

    def run(self, *command: str | Path) -> None:
        """Run a program as the servers' user. Raises PostgresUnavailableError with what it said."""
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            user=self.user.user_id,
            group=self.user.group_id,
        )
        if done.returncode:
            message = f"{command[0]} ended with status {done.returncode}:\n{done.stdout}{done.stderr}"
            raise PostgresUnavailableError(message)

    def start(self, command: Sequence[str | Path], log: Path, *, at: Path | None = None) -> "subprocess.Popen[bytes]":
        """Start a program as the servers' user in a session of its own, which Ctrl-C does not reach."""
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=at or self.folder,
                start_new_session=True,
                user=self.user.user_id,
                group=self.user.group_id,
            )

    def new_folder(self, name: str) -> Path:
        """A folder that belongs to the servers' user."""
        made = self.folder / name
        made.mkdir(mode=0o755)
        self.user.give(made)
        return made

    def keep_logs(self, target: Path) -> None:
        """Copy what executors and servers wrote to a new folder."""
        for file in [*self.folder.glob("executors/*"), *self.folder.glob("*/log")]:
            copy = target / file.relative_to(self.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)

    @contextmanager
    def small_disk(self, megabytes: int) -> Generator[Path]:
        """A file system of so many megabytes for the duration of the block. Unsuitable: nobody may mount one."""
        place = self.new_folder(f"tmpfs-{secrets.token_hex(4)}")
        if os.geteuid() != 0:
            raise Unsuitable("a small file system takes root to mount")
        done = subprocess.run(
            ["/bin/mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", place],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unsuitable(f"a small file system cannot be mounted: {done.stderr.strip()}")
        try:
            self.user.give(place)
            yield place
        finally:
            subprocess.run(["/bin/umount", "-l", place], check=False)


@contextmanager
def ground(directory: Path = Path("/tmp")) -> Generator[Ground]:
    """A folder that is removed, with the servers in it killed, at the end of the block and when this process dies."""
    user = unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="dbos-faults-", dir=directory))
    guardian = subprocess.Popen(
        ["/bin/sh", "-c", _GUARDIAN, "faults-guardian", str(folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        folder.chmod(0o755)
        user.give(folder)
        yield Ground(folder, reachable_install(installed_postgres(), folder, user), user)
    finally:
        if guardian.stdin is not None:
            guardian.stdin.close()
        guardian.wait()
