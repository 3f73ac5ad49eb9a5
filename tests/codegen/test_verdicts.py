"""Each verdict of `dbos-gen diff` is true: the old code is killed everywhere, and the real engine recovers the rest."""

from pathlib import Path

import pytest

from dbos_gen.contract.comparison.changes import Verdict, differences, worst
from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from dbos_gen.vocabulary.contracts import Contracts
from tests.codegen.projects import write_project
from tests.codegen.replaying import Laboratory, Plan, Recovered
from tests.codegen.verdict_builders import Case
from tests.codegen.verdict_cases import ALL


def _contracts(folder: Path, source: str) -> Contracts:
    result = pipeline.scan(load(write_project(folder, {"shop/workflows.py": source})))
    assert not result.has_errors, result.diagnostics
    return result.contracts


def _recovered(folder: Path, case: Case, arguments: object, monkeypatch: pytest.MonkeyPatch) -> Recovered:
    assert isinstance(arguments, tuple)
    laboratory = Laboratory(f"sqlite:///{folder / 'runs.sqlite'}", monkeypatch)
    return laboratory.recover(Plan(old=case.old, new=case.new, arguments=arguments, messages=case.messages))


@pytest.mark.slow
@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_verdict_holds_wherever_the_old_code_was_killed(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = differences(_contracts(tmp_path / "old", case.old), _contracts(tmp_path / "new", case.new))
    assert worst(changes) is case.verdict, "\n".join(map(str, changes))

    recovered = _recovered(tmp_path, case, case.arguments, monkeypatch)
    assert len(recovered.problems) > 2
    if case.verdict is Verdict.SAFE:
        assert not recovered.failed, recovered.problems
        return
    assert recovered.failed, "nothing fails"
    assert all(change.remedy for change in changes if change.verdict is not Verdict.SAFE)
    if case.spared is not None:
        (tmp_path / "spared").mkdir()
        spared = _recovered(tmp_path / "spared", case, case.spared, monkeypatch)
        assert not spared.failed, f"it does not depend on values: {spared.problems}"
