"""Runs: their step numbers, and which of them are active."""

from dbos_typed.core.active_runs import ActiveRuns
from dbos_typed.core.run import TOKEN_BITS, new_run_token
from tests.unit.core.definitions import run_of


def test_step_numbers_begin_at_one_and_are_reserved_together() -> None:
    run = run_of("w")
    assert [run.take_numbers(), run.take_numbers(2), run.take_numbers()] == [1, 2, 4]


def test_tokens_differ_and_fit_a_signed_column() -> None:
    tokens = {new_run_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(0 <= token < 2**TOKEN_BITS < 2**63 for token in tokens)


def test_run_is_active_from_its_announcement_to_its_end() -> None:
    runs, run = ActiveRuns(), run_of("w")
    runs.starting("w")
    assert runs.is_active("w")
    assert runs.get("w") is None
    runs.started("w", run)
    assert runs.get("w") is run
    runs.ended(run)
    assert not runs.is_active("w")


def test_start_that_failed_leaves_nothing_active() -> None:
    runs = ActiveRuns()
    runs.starting("w")
    runs.starting("w")
    runs.started("w", None)
    assert runs.is_active("w")
    runs.started("w", None)
    assert not runs.is_active("w")


def test_end_of_an_old_run_does_not_end_the_new_one() -> None:
    runs, old, new = ActiveRuns(), run_of("w", 1), run_of("w", 2)
    for run in (old, new):
        runs.starting("w")
        runs.started("w", run)
    runs.ended(old)
    assert runs.get("w") is new


def test_cancellation_reaches_only_the_run_it_was_meant_for() -> None:
    runs, run = ActiveRuns(), run_of("w", 2)
    runs.starting("w")
    runs.started("w", run)
    runs.cancel("w", 1)
    runs.cancel("other", 2)
    assert not run.is_cancelled
    runs.cancel("w", 2)
    assert run.is_cancelled
