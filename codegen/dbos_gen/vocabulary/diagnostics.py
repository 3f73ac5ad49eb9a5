"""Problems of the user's code and configuration, collected to the end; exceptions are for our own bugs."""

from __future__ import annotations

import enum
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field


class Level(enum.Enum):
    """An error stops the output; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Code(enum.Enum):
    """Stable codes with their levels; what they mean is said by their pages. A code never changes its meaning."""

    DG001 = ("DG001", Level.ERROR)
    DG002 = ("DG002", Level.ERROR)
    DG003 = ("DG003", Level.ERROR)
    DG004 = ("DG004", Level.ERROR)
    DG005 = ("DG005", Level.ERROR)
    DG006 = ("DG006", Level.WARNING)
    DG010 = ("DG010", Level.WARNING)
    DG011 = ("DG011", Level.WARNING)
    DG012 = ("DG012", Level.WARNING)
    DG013 = ("DG013", Level.WARNING)
    DG014 = ("DG014", Level.WARNING)
    DG015 = ("DG015", Level.WARNING)
    DG016 = ("DG016", Level.WARNING)
    DG017 = ("DG017", Level.WARNING)
    DG020 = ("DG020", Level.ERROR)
    DG021 = ("DG021", Level.ERROR)
    DG022 = ("DG022", Level.ERROR)
    DG023 = ("DG023", Level.ERROR)
    DG024 = ("DG024", Level.ERROR)
    DG025 = ("DG025", Level.WARNING)
    DG026 = ("DG026", Level.ERROR)

    @property
    def level(self) -> Level:
        """Whether this problem stops the output."""
        return self.value[1]

    @property
    def is_told_once(self) -> bool:
        """Whether one place is enough, because there is nothing to correct at each of them."""
        return self is Code.DG017


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Diagnostic:
    """One problem. ``file`` is relative with forward slashes; ``line`` counts from 1, 0 stands for the whole file."""

    file: str
    line: int
    code: str
    text: str
    hint: str = ""

    @property
    def level(self) -> Level:
        """Whether this problem stops the output."""
        return Code[self.code].level

    def __str__(self) -> str:
        """Return the one-line form ``file:line: DG012 warning: text; hint``."""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}: {self.code} {self.level.value}: {self.text}{hint}"


@dataclass(slots=True)
class Diagnostics:
    """The problems found so far, each once."""

    _found: dict[Diagnostic, None] = field(default_factory=dict[Diagnostic, None])
    _collected: dict[Diagnostic, None] = field(default_factory=dict[Diagnostic, None])

    def add(self, code: Code, file: str, line: int, text: str, hint: str = "") -> None:
        """Record a problem."""
        self.extend((Diagnostic(file=file, line=line, code=code.name, text=text, hint=hint),))

    def extend(self, found: Iterable[Diagnostic]) -> None:
        """Record problems that were found before."""
        for diagnostic in found:
            self._found[diagnostic] = None
            self._collected[diagnostic] = None

    @contextmanager
    def collecting(self) -> Generator[dict[Diagnostic, None], None, None]:
        """Collect what is found inside the block, also what was found before."""
        outer, self._collected = self._collected, {}
        try:
            yield self._collected
        finally:
            self._collected = outer

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops the output."""
        return any(diagnostic.level is Level.ERROR for diagnostic in self._found)

    def mentions(self, file: str) -> bool:
        """Whether anything was found in a file."""
        return any(diagnostic.file == file for diagnostic in self._found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Return the problems by file and line, of those that are told once the first."""
        ordered = sorted(self._found)
        first = {found.text: found for found in reversed(ordered)}
        return tuple(found for found in ordered if not Code[found.code].is_told_once or first[found.text] is found)
