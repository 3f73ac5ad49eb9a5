"""What is said of a type from the source, and from mypy's types, is what the runtime says at registration."""

from __future__ import annotations

import ast
import sys
import types
from pathlib import Path

import pytest
from mypy.build import build
from mypy.modulefinder import BuildSource
from mypy.nodes import TypeInfo, Var
from mypy.options import Options

from dbos_gen.python.scopes.resolution import Resolver, Scope
from dbos_gen.rules.storable.decision import Refusal, refusal
from dbos_gen.rules.storable.reading import Reader
from dbos_gen.sources.project import Project
from dbos_gen.syntax.bindings import Defined
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_typed import DBOS
from dbos_typed.api import registration
from dbos_typed.core.registry import Registry
from dbos_typed.error import DBOSSerializationError
from dbos_typed_mypy.hooks.storable import describe
from tests.rules import storable_corpus

ROOT = Path(__file__).parents[2]
MODULE = storable_corpus.__name__
CASES = [
    (group, name)
    for group in ("Stored", "Refused", "Unseen", "UnseenByMypy")
    for name in vars(storable_corpus)[group].__annotations__
]


def template(value: object) -> object:
    """Get another annotation for each case."""
    return value


def register(annotation: str, *, position: str) -> str | None:
    """What the runtime says when a workflow with this annotation is registered: path and advice; None: it is fine."""
    function = types.FunctionType(template.__code__, vars(storable_corpus), "case")
    function.__module__ = MODULE
    function.__annotations__ = {position: annotation}
    try:
        DBOS.workflow(name=f"corpus {annotation} {position}")(function)
    except DBOSSerializationError as error:
        root = "result" if position == "return" else "value"
        return f"{str(error.path).removeprefix(root)} {str(error).partition(' cannot be stored: ')[2]}"
    return None


@pytest.fixture(scope="module")
def from_source() -> dict[tuple[str, str], Refusal | None]:
    project = Project(ROOT, base=ROOT, diagnostics=Diagnostics())
    source = project.load(MODULE)
    assert source is not None
    reader = Reader(Resolver(project), project)
    found: dict[tuple[str, str], Refusal | None] = {}
    for group, name in CASES:
        binding = source.bindings.names[group]
        assert isinstance(binding, Defined)
        assert isinstance(binding.node, ast.ClassDef)
        for statement in binding.node.body:
            if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == name:
                found[group, name] = refusal(reader.read(statement.annotation, Scope(source=source)))
    return found


def said(found: Refusal | None) -> str | None:
    return None if found is None else f"{found.path('')} {found.advice}"


@pytest.mark.parametrize(("group", "name"), CASES, ids=[f"{group}.{name}" for group, name in CASES])
def test_the_source_says_what_the_runtime_says(
    group: str, name: str, from_source: dict[tuple[str, str], Refusal | None]
) -> None:
    annotation = vars(storable_corpus)[group].__annotations__[name]
    verdict = register(annotation, position="value")
    assert register(annotation, position="return") == verdict
    assert (verdict is None) == (group == "Stored")
    assert said(from_source[group, name]) == (None if group == "Unseen" else verdict)


@pytest.fixture(scope="module")
def from_mypy(request: pytest.FixtureRequest) -> dict[tuple[str, str], Refusal | None]:
    cache = request.config.cache
    assert cache is not None
    options = Options()
    options.cache_dir = str(cache.mkdir("storable-corpus"))
    options.mypy_path = [str(ROOT), str(ROOT / "codegen"), str(ROOT / "mypy_plugin")]
    options.python_executable = sys.executable
    options.explicit_package_bases = True
    path = Path(storable_corpus.__file__)
    # With its text given, a module is read even when a cache has it.
    text = path.read_text(encoding="utf-8")
    result = build([BuildSource(str(path), MODULE, text)], options)
    assert result.errors == []
    modules = result.manager.modules
    found: dict[tuple[str, str], Refusal | None] = {}
    for group, name in CASES:
        info = result.files[MODULE].names[group].node
        assert isinstance(info, TypeInfo)
        variable = info.names[name].node
        assert isinstance(variable, Var)
        assert variable.type is not None
        found[group, name] = refusal(
            describe(variable.type, lambda module: module in modules and not modules[module].is_stub)
        )
    return found


@pytest.mark.slow
def test_mypy_types_say_what_the_runtime_says(from_mypy: dict[tuple[str, str], Refusal | None]) -> None:
    wrong: list[tuple[str, str, str | None, str | None]] = []
    for (group, name), found in from_mypy.items():
        verdict = register(vars(storable_corpus)[group].__annotations__[name], position="value")
        silence: dict[str, set[str | None]] = {"UnseenByMypy": {None}, "Unseen": {None, verdict}}
        allowed = silence.get(group, {verdict})
        if said(found) not in allowed:
            wrong.append((group, name, said(found), verdict))
    assert wrong == []


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "registry", Registry())


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 150
