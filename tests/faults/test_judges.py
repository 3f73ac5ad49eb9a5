"""The judges find what is planted, and nothing where all is well."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.effects import Effect
from tests.faults.evidence import Evidence, Sighting, Stored
from tests.faults.expectations import EXPECTED
from tests.faults.judges import JUDGES

T = 1000.0


def _stored(name: str, parent: str | None = None) -> Stored:
    return Stored(name, EXPECTED[name].status, EXPECTED[name].output, None, parent)


WORKFLOWS = {
    "a.order.1": _stored("order"),
    "a.order.1-1": _stored("parcel", "a.order.1"),
    "a.order.1-2": _stored("errand", "a.order.1"),
    "a.order.1-3": _stored("narrow_job", "a.order.1"),
    "a.order.1-4": _stored("wide_job", "a.order.1"),
    "a.dialogue.2": _stored("dialogue"),
    "a.dialogue.2-1": _stored("listener", "a.dialogue.2"),
    "a.nap.3": _stored("nap"),
    "a.timed.4": _stored("timed"),
}
STARTED = frozenset({"a.order.1", "a.dialogue.2", "a.nap.3", "a.timed.4"})


def _effect(workflow_id: str, step: str, at: float, phase: str = "done", executor: str = "a") -> Effect:
    return Effect(workflow_id, step, phase, executor, 1, at)


EFFECTS = (
    _effect("a.order.1", "reserve", T),
    _effect("a.order.1-1", "label", T + 0.1),
    _effect("a.order.1-2", "look", T + 0.2),
    _effect("a.order.1-3", "in narrow", T + 0.3, "begin"),
    _effect("a.order.1-3", "in narrow", T + 0.4, "end"),
    _effect("a.order.1-4", "in wide", T + 0.3, "begin"),
    _effect("a.order.1-4", "in wide", T + 0.4, "end"),
    _effect("a.order.1", "ship", T + 0.5),
    _effect("a.nap.3", "before", T),
    _effect("a.nap.3", "after", T + 1.1),
)
FINE = Evidence(
    workflows=WORKFLOWS,
    recorded={(effect.workflow_id, effect.step): [effect.at] for effect in EFFECTS if effect.phase != "begin"},
    payments={"a.order.1": 1},
    effects=EFFECTS,
    sightings=[Sighting(T, "narrow", "a", 1), Sighting(T, "narrow", "b", 1), Sighting(T, "wide", "a", 2)],
    asked=STARTED,
    accepted=STARTED,
    answers={each: str(WORKFLOWS[each].output or WORKFLOWS[each].status) for each in STARTED},
)


def _but(workflow_id: str, status: str, output: str | None = None, error: str | None = None) -> Evidence:
    changed = replace(WORKFLOWS[workflow_id], status=status, output=output, error=error)
    return replace(FINE, workflows={**WORKFLOWS, workflow_id: changed})


def _and(*effects: Effect) -> Evidence:
    return replace(FINE, effects=(*EFFECTS, *effects))


def _without(workflow_id: str) -> Evidence:
    return replace(FINE, workflows={key: stored for key, stored in WORKFLOWS.items() if key != workflow_id})


def _crowd(executors: str) -> Evidence:
    return _and(
        *(
            _effect(f"a.crowd.{number}", "in narrow", T + 5 + moment, phase, executor)
            for number, executor in enumerate(executors)
            for phase, moment in (("begin", 0.0), ("end", 0.1))
        )
    )


def test_nothing_is_found_where_all_is_well() -> None:
    assert {name: list(judge(FINE)) for name, judge in JUDGES.items()} == {name: [] for name in JUDGES}


@pytest.mark.parametrize(
    ("judge", "evidence", "finding"),
    [
        ("lost", _without("a.nap.3"), "a.nap.3 was accepted and does not exist"),
        ("lost", replace(FINE, payments={}), "a.order.1 succeeded without its payment"),
        ("lost", replace(FINE, effects=EFFECTS[1:]), "a.order.1 succeeded and its step 'reserve' did not happen"),
        ("lost", _without("a.order.1-2"), "a.order.1 succeeded with 0 of 1 children errand"),
        ("doubled", replace(FINE, payments={"a.order.1": 2}), "a.order.1 paid 2 times"),
        (
            "doubled",
            replace(FINE, workflows={**WORKFLOWS, "a.order.1-9": _stored("parcel", "a.order.1")}),
            "a.order.1 has 2 children parcel",
        ),
        ("doubled", _but("a.dialogue.2-1", "SUCCESS", "0 1 1 2"), "a.dialogue.2-1 received 0 1 1 2"),
        (
            "doubled",
            _and(_effect("a.order.1", "reserve", T + 0.2)),
            "a.order.1 ran 'reserve' on a after it was recorded",
        ),
        ("stuck", _but("a.nap.3", "PENDING"), "a.nap.3 (nap) is PENDING"),
        ("stuck", replace(FINE, answers={}), "the caller of a.dialogue.2 is not answered"),
        ("stuck", replace(FINE, asked=STARTED | {"a.nap.9"}), "the caller of a.nap.9 cannot start it"),
        (
            "wrong",
            _but("a.nap.3", "ERROR", error="the connection is lost"),
            "a.nap.3 (nap) is ERROR: the connection is lost",
        ),
        ("wrong", _but("a.timed.4", "SUCCESS", "None"), "a.timed.4 (timed) is SUCCESS: None"),
        (
            "wrong",
            replace(FINE, answers={**FINE.answers, "a.nap.3": "OperationalError"}),
            "the caller of a.nap.3 was told OperationalError",
        ),
        ("wrong", replace(FINE, died={"a": "out of memory"}), "the executor a ended: out of memory"),
        (
            "wrong",
            replace(FINE, effects=(*EFFECTS[:-1], _effect("a.nap.3", "after", T + 0.5))),
            "a.nap.3 slept 0.500 s of 1.0",
        ),
        (
            "over limit",
            replace(FINE, sightings=[Sighting(T, "narrow", "a", 2), Sighting(T, "narrow", "b", 1)]),
            "3 of narrow were PENDING at 1000.000",
        ),
        ("over limit", replace(FINE, sightings=[Sighting(T, "wide", "a", 3)]), "3 of wide were PENDING on a"),
        ("over limit", _crowd("aab"), "3 bodies of 'in narrow' ran at once on all executors"),
    ],
)
def test_what_is_planted_is_found(judge: str, evidence: Evidence, finding: str) -> None:
    assert [found for found in JUDGES[judge](evidence) if found.startswith(finding)]


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(_and(_effect("a.order.1", "reserve", T - 5)), id="body whose record was never written"),
        pytest.param(
            replace(_and(_effect("a.order.1", "reserve", T + 5)), stops={"a": (T - 1, T + 4)}),
            id="body of a run that was frozen while another took its place",
        ),
        pytest.param(
            replace(FINE, asked=STARTED | {"b.nap.9"}, doomed=frozenset({"b"})), id="start of an executor that is dead"
        ),
        pytest.param(
            replace(FINE, accepted=STARTED | {"a.nap.9"}, asked=STARTED | {"a.nap.9"}, has_lost_history=True),
            id="workflow that the backup did not know",
        ),
        pytest.param(replace(_crowd("aab"), stops={"b": (T + 5.05, T + 5.08)}), id="body that was frozen"),
    ],
)
def test_what_the_fault_excuses_is_not_found(evidence: Evidence) -> None:
    assert {name: list(judge(evidence)) for name, judge in JUDGES.items()} == {name: [] for name in JUDGES}


def test_every_judge_has_something_planted() -> None:
    planted: Callable[..., None] = test_what_is_planted_is_found
    mark = planted.pytestmark[0]  # type: ignore[attr-defined]  # pytest puts it there
    assert {parameters[0] for parameters in mark.args[1]} == set(JUDGES)
