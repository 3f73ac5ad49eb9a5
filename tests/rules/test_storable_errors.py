"""An exception is reported exactly when the runtime does not give it back as it was raised."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbos_gen.check.checker import Checker
from dbos_gen.program.program import Program
from dbos_gen.rules import serializable
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_typed.codec import Codec
from tests.rules import storable_errors

ROOT = Path(__file__).parents[2]
STEPS = [name for name in vars(storable_errors) if name.startswith(("kept_", "changed_"))]


def parts(error: BaseException) -> tuple[object, ...]:
    slots = {name: getattr(error, name) for name in getattr(type(error), "__slots__", ())}
    return type(error), error.args, {**vars(error), **slots}, str(error)


@pytest.mark.parametrize("name", STEPS)
def test_runtime_gives_back_what_the_name_says(name: str) -> None:
    codec = Codec()
    codec.know_module(storable_errors.__name__)
    with pytest.raises(Exception) as caught:  # noqa: PT011  # each raises another one
        vars(storable_errors)[name]()
    back = codec.decode_error(codec.encode_error(caught.value))
    comes_back = repr(parts(back)) == repr(parts(caught.value)) and type(back) is type(caught.value)
    if comes_back and name.startswith("changed_"):
        # What could not be stored is its text now, which looks the same.
        comes_back = [type(item) for item in (*back.args, *vars(back).values())] == [
            type(item) for item in (*caught.value.args, *vars(caught.value).values())
        ]
    assert comes_back == name.startswith("kept_")


def test_changed_exceptions_are_found_and_others_are_not() -> None:
    project = Project(ROOT, base=ROOT, diagnostics=Diagnostics())
    program = Program(project)
    findings = Checker(program, (serializable.check,)).check(storable_errors.__name__)
    source = project.load(storable_errors.__name__)
    assert source is not None
    found = {
        function.qualname
        for function in program.functions(source)
        for finding in findings
        if function.line <= finding.line <= (getattr(function.node, "end_lineno", None) or 0)
    }
    assert found == {name for name in STEPS if name.startswith("changed_")}
