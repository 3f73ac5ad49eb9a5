"""What no linter checks: size of files, names, explained suppressions, documents that exist."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_files import ROOT, module_sources, source_files

_MAX_LINES = 500
_EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
_SUPPRESSION = re.compile(r"\b(?:type: ignore|pyright: ignore|noqa)\b")
_SUPPRESSION_WITH_CODE = re.compile(r"(?:type|pyright): ignore\[[\w, -]+\]|noqa: [A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*\b")
_MIN_REASON_CHARACTERS = 5
_HOME_FOLDER = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w+")
_DOCUMENT = re.compile(r"\b([A-Z][A-Z_-]+\.md)\b")
_TEXT_SUFFIXES = {".py", ".pyi", ".md", ".toml", ".j2", ".yml", ".yaml", ".cfg"}
_TEXT_FOLDERS = ("dbos_typed", "codegen", "mypy_plugin", "templates", "benchmarks", "examples", "docs", "tests")


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _texts() -> Iterator[tuple[Path, str]]:
    paths = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in _TEXT_FOLDERS:
        paths += (ROOT / folder).rglob("*")
    for path in sorted(paths):
        hidden = any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        if path.suffix in _TEXT_SUFFIXES and not hidden and path != Path(__file__):
            yield path, path.read_text(encoding="utf-8")


def _is_explained(comment: str) -> bool:
    """Whether every suppression in the comment names its code, and words follow that say why."""
    rest = _SUPPRESSION_WITH_CODE.sub("", comment)
    return not _SUPPRESSION.search(rest) and len(rest.strip("# ")) >= _MIN_REASON_CHARACTERS


def test_no_file_is_longer_than_a_person_reads() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in source_files()
    }
    assert {path: length for path, length in lengths.items() if length > _MAX_LINES} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in source_files() if set(path.stem.split("_")) & _EMPTY_NAMES] == []


def test_every_room_of_the_generator_that_is_described_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    section = text[text.index("## The generator") : text.index("## The mypy plugin")]
    named = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", section))
    rooms = {module.removeprefix("dbos_gen.") for module in module_sources()}
    assert len(named) > 10
    assert named <= rooms


@pytest.mark.parametrize("package", ["dbos_gen", "dbos_typed_mypy"])
def test_no_class_shares_its_name(package: str) -> None:
    classes: dict[str, list[str]] = {}
    aliases: dict[str, list[str]] = {}
    for module, text in module_sources().items():
        if module.split(".")[0] == package:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ClassDef):
                    classes.setdefault(node.name, []).append(module)
                elif isinstance(node, ast.Assign | ast.AnnAssign):
                    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                        if isinstance(target, ast.Name):
                            aliases.setdefault(target.id, []).append(module)
    assert classes
    places = {name: [*modules, *aliases.get(name, ())] for name, modules in classes.items()}
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}


def test_every_suppression_has_a_code_and_a_reason() -> None:
    unexplained = [
        f"{path.relative_to(ROOT)}:{line}: {comment}"
        for path in source_files()
        for line, comment in _comments(path)
        if _SUPPRESSION.search(comment) and not _is_explained(comment)
    ]
    assert unexplained == []


def test_no_text_names_a_folder_of_somebody_s_machine() -> None:
    assert [(path, match) for path, text in _texts() for match in _HOME_FOLDER.findall(text)] == []


def test_every_document_that_is_named_exists() -> None:
    named = {(path, name) for path, text in _texts() for name in _DOCUMENT.findall(text)}
    missing = {(str(path), name) for path, name in named if not list(ROOT.glob(name)) + list(ROOT.glob(f"*/{name}"))}
    assert missing == set()


@pytest.mark.parametrize(
    ("comment", "is_explained"),
    [
        ("# type: ignore[arg-type]  # the stub is wrong", True),
        ("# noqa: S101, D102  # asserted for the type checker", True),
        ("# noqa: PLC0415 - a measured start-up cost", True),
        ("# type: ignore[misc]  # noqa: ANN401  # any value will do", True),
        ("# type: ignore", False),
        ("# type: ignore  # the stub is wrong", False),
        ("# type: ignore[misc]", False),
        ("# noqa", False),
        ("# noqa: S101", False),
        ("# noqa: S101  # type: ignore[misc]", False),
    ],
)
def test_reason_is_recognised(comment: str, is_explained: bool) -> None:
    assert _is_explained(comment) == is_explained
