"""Problems of the user's code and configuration, collected to the end; exceptions are for our own bugs."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from dataclasses import dataclass, field


class Level(enum.Enum):
    """An error stops the output; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Code(enum.Enum):
    """Stable codes. The value is the level and the general explanation; the name never changes its meaning."""

    DG001 = (Level.ERROR, "A module does not parse, so nothing can be said about its workflows.")
    DG002 = (Level.ERROR, "A file cannot be read.")
    DG003 = (Level.ERROR, "An entry of `modules` matches no module.")
    DG004 = (Level.ERROR, "The output cannot be written.")
    DG005 = (Level.ERROR, "The output package holds a file of that name which dbos-gen did not write.")
    DG006 = (Level.WARNING, "A module that was named explicitly has no workflows.")
    DG010 = (Level.WARNING, "The key of an event is not a constant, so the event is not in the generated type.")
    DG011 = (Level.WARNING, "The type of an event's value cannot be told from the source; it becomes Any.")
    DG012 = (Level.WARNING, "The type of a message cannot be told from the source; it becomes Any.")
    DG013 = (Level.WARNING, "A topic is not a constant, so it is not in the generated type.")
    DG014 = (Level.WARNING, "A parameter or a result has no annotation; it becomes Any.")
    DG015 = (Level.WARNING, "A name in an annotation cannot be found; the type becomes Any.")
    DG016 = (Level.WARNING, "A workflow is defined inside a function, where no other code can refer to it.")
    DG020 = (Level.ERROR, "Two workflows, or a workflow and a class, need the same name in the generated module.")
    DG021 = (Level.ERROR, "Two workflows register the same name.")
    DG022 = (Level.ERROR, "Two modules need the same generated file.")
    DG023 = (Level.ERROR, "A workflow's name is not a constant, so it cannot be referred to by name.")
    DG024 = (Level.ERROR, "A decorator that must be called stands without parentheses.")
    DG025 = (
        Level.WARNING,
        "A workflow is defined twice in branches that exclude each other, with different signatures.",
    )

    @property
    def level(self) -> Level:
        """Whether this problem stops the output."""
        return self.value[0]

    @property
    def explanation(self) -> str:
        """What the code means in general."""
        return self.value[1]


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

    def add(self, code: Code, file: str, line: int, text: str, hint: str = "") -> None:
        """Record a problem."""
        self._found[Diagnostic(file=file, line=line, code=code.name, text=text, hint=hint)] = None

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops the output."""
        return any(diagnostic.level is Level.ERROR for diagnostic in self._found)

    def mentions(self, file: str) -> bool:
        """Whether anything was found in a file."""
        return any(diagnostic.file == file for diagnostic in self._found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Return the problems by file and line."""
        return tuple(sorted(self._found))


def as_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Return one line per problem."""
    return "".join(f"{diagnostic}\n" for diagnostic in diagnostics)


def as_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, str | int]]:
    """Return the problems as JSON values."""
    return [
        {
            "file": diagnostic.file,
            "line": diagnostic.line,
            "code": diagnostic.code,
            "level": diagnostic.level.value,
            "text": diagnostic.text,
            "hint": diagnostic.hint,
        }
        for diagnostic in diagnostics
    ]


def as_json_text(value: object) -> str:
    """Return JSON for people and programs."""
    return json.dumps(value, indent=2, sort_keys=True) + "\n"


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return workflow commands that GitHub shows beside the changed lines."""
    lines: list[str] = []
    for diagnostic in diagnostics:
        message = f"{diagnostic.text}; {diagnostic.hint}" if diagnostic.hint else diagnostic.text
        lines.append(
            f"::{diagnostic.level.value} file={_property(diagnostic.file)},line={max(diagnostic.line, 1)},"
            f"title={diagnostic.code}::{_data(message)}\n"
        )
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
