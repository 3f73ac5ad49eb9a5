"""Random workflows, changed at random: no change that is called safe keeps a run from being recovered."""

import random
from pathlib import Path

import pytest

from dbos_gen.contract.comparison.changes import Verdict, differences, worst
from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from dbos_gen.vocabulary.contracts import Contracts
from tests.codegen.projects import write_project
from tests.codegen.replaying import Laboratory, Plan
from tests.codegen.verdict_builders import PRELUDE

_PROGRAMS = 20
_ARGUMENTS = (0, 1, 3)
_CALLS = ("a()", "b()", "c()", "t()", "child()", 'DBOS.set_event("e", 1)', "DBOS.start_workflow(child)", "boom()")
_BOOM = '@DBOS.step()\ndef boom() -> int:\n    raise ValueError("planned")\n\n'

# A line, or a head with its body.
_Statement = str | tuple[str, "_Body"]
_Body = list[_Statement]


def _body(source: random.Random, depth: int, *, in_loop: bool) -> _Body:
    return [part for _ in range(source.randrange(1, 4)) for part in _statement(source, depth, in_loop=in_loop)]


def _statement(source: random.Random, depth: int, *, in_loop: bool) -> _Body:
    chance = source.random()
    if depth > 2 or chance < 0.45:
        return [source.choice(_CALLS)]
    if chance < 0.65:
        arms: _Body = [(f"if n > {source.randrange(3)}:", _body(source, depth + 1, in_loop=in_loop))]
        return [*arms, ("else:", _body(source, depth + 1, in_loop=in_loop))] if source.random() < 0.5 else arms
    if chance < 0.78:
        return [(f"for _ in range({source.choice(('n', '1', '2'))}):", _body(source, depth + 1, in_loop=True))]
    if chance < 0.88:
        handler = ("except ValueError:", _body(source, depth + 1, in_loop=in_loop))
        return [("try:", _body(source, depth + 1, in_loop=in_loop)), handler]
    if chance < 0.95:
        return [source.choice(("return 5", "break", "continue") if in_loop else ("return 5",))]
    return [source.choice(("print(n and a())", "print(b() or c())"))]


def _changed(source: random.Random, body: _Body) -> _Body:
    """Return a body with one thing inserted, removed, replaced or moved, at any depth."""
    changed = list(body)
    place = source.randrange(len(changed))
    inner = changed[place]
    if isinstance(inner, tuple) and source.random() < 0.6:
        changed[place] = (inner[0], _changed(source, inner[1]))
        return changed
    match source.randrange(4):
        case 0:
            changed[place:place] = _statement(source, 2, in_loop=False)
        case 1 if len(changed) > 1:
            del changed[place]
        case 2:
            changed[place : place + 1] = _statement(source, 2, in_loop=False)
        case _:
            changed.append(changed.pop(place))
    return changed


def _lines(body: _Body, indent: int = 1) -> list[str]:
    lines: list[str] = []
    for statement in body:
        if isinstance(statement, tuple):
            lines += ["    " * indent + statement[0], *_lines(statement[1], indent + 1)]
        else:
            lines.append("    " * indent + statement)
    return lines


def _program(body: _Body) -> str:
    inner = "\n".join(_lines(body))
    return f"{PRELUDE}{_BOOM}@DBOS.workflow()\ndef run(n: int) -> int:\n{inner}\n    return 0\n"


def _is_python(text: str) -> bool:
    try:
        compile(text, "program", "exec")
    except SyntaxError:
        return False
    return True


def _pair(source: random.Random) -> tuple[str, str]:
    while True:
        body = _body(source, 0, in_loop=False)
        old, new = _program(body), _program(_changed(source, body))
        if old != new and _is_python(old) and _is_python(new):
            return old, new


def _contracts(folder: Path, source: str) -> Contracts:
    return pipeline.scan(load(write_project(folder, {"shop/workflows.py": source}))).contracts


@pytest.mark.slow
@pytest.mark.parametrize("number", range(_PROGRAMS))
def test_a_change_that_is_called_safe_lets_every_run_go_on(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = random.randrange(2**32) + number  # noqa: S311  # no secret
    old, new = _pair(random.Random(seed))  # noqa: S311  # as above
    changes = differences(_contracts(tmp_path / "old", old), _contracts(tmp_path / "new", new))
    if worst(changes) is not Verdict.SAFE:
        # Runs that fail are shown one by one elsewhere; here it is enough that each is given a way out.
        assert all(change.remedy for change in changes if change.verdict is not Verdict.SAFE)
        return
    for argument in _ARGUMENTS:
        folder = tmp_path / f"runs-{argument}"
        folder.mkdir()
        laboratory = Laboratory(f"sqlite:///{folder / 'runs.sqlite'}", monkeypatch)
        recovered = laboratory.recover(Plan(old=old, new=new, arguments=(argument,), messages=()))
        # The planned error may be the outcome of a run that went on.
        stuck = {
            place: problem for place, problem in recovered.problems.items() if "planned" not in (problem or "planned")
        }
        assert not stuck, f"seed {seed}: run({argument})\n{old}\n--- became ---\n{new}"
