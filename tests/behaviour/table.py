"""Writes the table of README.md from the cases: `python -m tests.behaviour.table`."""

import ast
from pathlib import Path

from tests.behaviour.harness import CASES, case_files, case_name

README = Path(__file__).parent / "README.md"
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
    before = README.read_text(encoding="utf-8").partition(HEAD)[0]
    README.write_text(before + HEAD + rows(), encoding="utf-8")
