"""Finds cases and runs them.

A case is a file `cases/<operation>/<name>.py`: its docstring is the sentence of behaviour that it shows, and its
`async def check(app)` shows it. It is run as {sync, async} x {sqlite, postgres}, unless it says otherwise:

    FORMS = ("async",)            # what only one form can show
    DATABASES = ("postgres",)     # what only one database can show
    LAUNCH = False                # the case configures and launches the application itself
    FRESH_DATABASE = True         # the case changes the schema, so it cannot share a database with others
"""

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.behaviour.app import PATIENCE_SECONDS, App
from tests.behaviour.forms import FORMS, Form, load

CASES = Path(__file__).parent / "cases"
DATABASES = ("sqlite", "postgres")
LIMIT_SECONDS = 2 * PATIENCE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case on one form and one kind of database."""

    path: Path
    form: Form
    database: str
    is_launched: bool
    needs_fresh_database: bool

    @property
    def name(self) -> str:
        """`<operation>/<name>`."""
        return case_name(self.path)

    def run(self, app: App) -> None:
        """Run `check`, on a thread of its own, so that a case that hangs fails with the stacks of all threads."""
        module = load(self.path, self.name.replace("/", "."), self.form)
        failure: list[BaseException] = []

        def target() -> None:
            try:
                if self.is_launched:
                    app.launch()
                checked = module.check(app)
                if self.form == "async":
                    asyncio.run(checked)
            except BaseException as error:  # noqa: BLE001  # raised again in the test's own thread
                failure.append(error)

        _run_with_limit(target)
        if failure:
            raise failure[0]


def case_name(path: Path) -> str:
    return path.relative_to(CASES).with_suffix("").as_posix()


def case_files() -> list[Path]:
    return sorted(CASES.glob("*/*.py"))


def find_cases() -> list[Case]:
    """Every case in every form on every kind of database."""
    found: list[Case] = []
    for path in case_files():
        # Loaded here only for its settings; what it defines is defined when it runs.
        settings = load(path, case_name(path).replace("/", "."), "async").__dict__
        found.extend(
            Case(
                path=path,
                form=form,
                database=database,
                is_launched=settings.get("LAUNCH", True),
                needs_fresh_database=settings.get("FRESH_DATABASE", False),
            )
            for form in FORMS
            if form in settings.get("FORMS", FORMS)
            for database in DATABASES
            if database in settings.get("DATABASES", DATABASES)
        )
    return found


def _run_with_limit(target: Callable[[], None]) -> None:
    thread = threading.Thread(target=target, name="case", daemon=True)
    thread.start()
    thread.join(LIMIT_SECONDS)
    if thread.is_alive():
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        stacks = [
            f"--- {names.get(ident)}\n{''.join(traceback.format_stack(frame))}"
            for ident, frame in sys._current_frames().items()
        ]
        raise TimeoutError(f"the case hangs:\n{''.join(stacks)}")
