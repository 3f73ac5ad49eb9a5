"""Writes the tables of README.md from promises.toml and the cases: `python -m tests.behaviour.table`."""

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.behaviour.harness import CASES, case_files, case_name

README = Path(__file__).parent / "README.md"
PROMISES = Path(__file__).parent / "promises.toml"
TESTS = Path(__file__).parents[1]
PROMISES_HEAD = "| Topic | Promise | Shown by |\n|---|---|---|\n"
BETWEEN = "\n## Cases\n\nA star marks a mistake that engines of this kind have made.\n\n"
HEAD = "| Topic | Behaviour | Case |\n|---|---|---|\n"
TOPICS = {
    "recording": "Recording and replay",
    "messages": "Messages",
    "events": "Events",
    "sleeping": "Sleep",
    "starting": "Starting",
    "handles": "Handles",
    "management": "Management",
    "recovery": "Recovery and versions",
    "errors": "Errors",
    "steps": "Decorators: steps",
    "transactions": "Decorators: transactions",
    "context": "Context and variables",
    "lifecycle": "Lifecycle",
    "async_forms": "Coroutines",
    "serialization": "Serialization",
    "bad_input": "Bad input",
}
"""Folders in the order of the table; others follow under their own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What applications may rely on, and the cases and tests that show it."""

    topic: str
    sentence: str
    shown_by: tuple[str, ...]


def promises() -> list[Promise]:
    """Every promise, in the order of the file."""
    data = tomllib.loads(PROMISES.read_text(encoding="utf-8"))
    return [
        Promise(topic=topic["name"], sentence=sentence, shown_by=tuple(shown_by))
        for topic in data["topic"]
        for sentence, shown_by in topic["promises"].items()
    ]


def exists(shown_by: str) -> bool:
    """Whether there is such a case, or such a test: `folder/file.py::function`."""
    file, is_test, function = shown_by.partition("::")
    if not is_test:
        return (CASES / f"{file}.py").exists()
    path = TESTS / file
    return path.exists() and f"\ndef {function}(" in path.read_text(encoding="utf-8")


def promise_rows() -> str:
    """The rows of the table of promises."""
    return "".join(
        f"| {promise.topic} | {promise.sentence} | {', '.join(f'`{each}`' for each in promise.shown_by)} |\n"
        for promise in promises()
    )


def tables() -> str:
    """What README.md must hold after its introduction."""
    return PROMISES_HEAD + promise_rows() + BETWEEN + HEAD + rows()


def sentence(path: Path) -> str:
    """The behaviour that a case shows; a star marks a mended one."""
    documentation = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = " ".join(documentation.split("\n\n")[0].split()).replace("|", "/")
    return f"{first} *" if "Older behaviour" in documentation else first


def rows() -> str:
    """The rows of the table, by topic and name."""
    order = list(TOPICS)
    paths = sorted(
        case_files(), key=lambda path: (order.index(_folder(path)) if _folder(path) in order else len(order), path)
    )
    return "".join(f"| {_topic(path)} | {sentence(path)} | `{case_name(path)}` |\n" for path in paths)


def _folder(path: Path) -> str:
    return path.relative_to(CASES).parts[0]


def _topic(path: Path) -> str:
    return TOPICS.get(_folder(path), _folder(path).replace("_", " ").capitalize())


if __name__ == "__main__":
    before = README.read_text(encoding="utf-8").partition(PROMISES_HEAD)[0].partition(HEAD)[0]
    README.write_text(before + tables(), encoding="utf-8")
