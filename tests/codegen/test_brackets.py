"""Type parameters in brackets, which need Python 3.12 to be parsed."""

import ast
from pathlib import Path

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from tests.codegen.projects import write_project

_SOURCE = """\
from dbos_typed import DBOS

type Ids = list[int]

@DBOS.workflow()
def first[T: int](items: list[T], ids: Ids) -> T: ...

@DBOS.workflow()
def pick[T: (bytes, str)](item: T) -> list[T]: ...

class Crate[T, U]:
    @DBOS.workflow()
    def pack(self, thing: T, other: U) -> dict[T, U]: ...

class Box[X](Crate[int, X]): ...
"""


def test_type_parameters_become_type_variables_of_each_workflow(tmp_path: Path) -> None:
    config = load(write_project(tmp_path, {"shop/workflows.py": _SOURCE}))
    result = pipeline.generate(config)
    if not hasattr(ast, "TypeAlias"):
        with pytest.raises(SyntaxError):
            ast.parse(_SOURCE)
        (found,) = result.diagnostics
        assert (found.code, found.line) == ("DG001", 3)
        assert found.hint.startswith("type parameters in brackets and `type` statements need Python 3.12, and dbos-gen")
        return
    stub = (tmp_path / "shop/generated/workflows.pyi").read_text(encoding="utf-8")
    assert '_first_T = TypeVar("_first_T", bound=int)\n' in stub
    assert '_pick_T = TypeVar("_pick_T", bytes, str)\n' in stub
    assert "def start(self, items: list[_first_T], ids: _Ids) -> FirstHandle[_first_T]: ...\n" in stub
    assert "def start(self, item: _pick_T) -> PickHandle[list[_pick_T]]: ...\n" in stub
    assert "_Crate_T = TypeVar(" in stub
    assert "instance: _Crate[_Crate_T, _Crate_U]," in stub
    assert "instance: _Box[_Box_X]," in stub
    assert ") -> BoxPackHandle[dict[int, _Box_X]]: ..." in stub
