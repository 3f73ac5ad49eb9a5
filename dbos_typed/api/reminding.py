"""What is said at the end of a script that forgot to run what it defined."""

from __future__ import annotations

import atexit
import contextlib
import sys

from dbos_typed.api.registration import registry


class Reminder:
    """Knows how far the engine was brought in this process."""

    def __init__(self) -> None:
        self._is_configured = False
        self._is_launched = False

    def configured(self) -> None:
        """DBOS(…) was called."""
        self._is_configured = True

    def launched(self) -> None:
        """DBOS.launch() or DBOS.destroy() was called: whoever did so knows what it is about."""
        self._is_launched = True

    def missing(self) -> str | None:
        """What was forgotten; None: nothing, or the script defines no workflows.

        Importing a module of workflows is no mistake, and a script that does so may print something else.
        """
        if self._is_launched or not any(each.module == "__main__" for each in registry.workflows().values()):
            return None
        if self._is_configured:
            return "DBOS exiting; DBOS exists but launch() was not called: no workflow was run."
        return "DBOS exiting; functions were registered, but DBOS() was not called: no workflow was run."


reminder = Reminder()


@atexit.register
def _remind() -> None:
    message = reminder.missing()
    # Standard output may be closed by now.
    if message is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(f"{message}\n")
