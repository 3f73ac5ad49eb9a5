"""Real processes, killed with SIGKILL."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Row

from tests.durability.processes import SLEEP_SECONDS, Scene, Victim, scene

pytestmark = pytest.mark.slow

ORDER = "order-1"
RESULT = "reserved 30 labelled approved shipped"
CALLS = [
    "reserve",
    "pay",
    "parcel",
    "DBOS.getResult",
    "DBOS.sleep",
    "wake",
    "DBOS.recv",
    "DBOS.sleep",
    "ship",
]
ERRANDS = 200

SLEEPS = "SELECT number, output FROM {prefix}steps WHERE workflow_id = :id AND name = 'DBOS.sleep' ORDER BY number"


def _held(scene: Scene, phase: str, *commands: str) -> Victim:
    """A process that recovered the order and stopped at `phase`."""
    victim = scene.victim()
    victim.tell(f"hold {phase}", "launch", *commands)
    victim.until(phase)
    return victim


def _killed_at(scene: Scene, phase: str, *commands: str) -> None:
    _held(scene, phase, *commands).kill()
    scene.until_sessions_ended()


def _sleeps(scene: Scene) -> list[Row[tuple[object, ...]]]:
    return list(scene.rows(SLEEPS, id=ORDER))


def _count(scene: Scene, query: str) -> int:
    return int(str(scene.rows(query)[0][0]))


def test_order_whose_process_is_killed_in_every_phase_happens_once(database_url: str, tmp_path: Path) -> None:
    with scene(database_url, tmp_path) as here:
        _killed_at(here, "body of reserve", f"start {ORDER}")
        for phase in ("reserved", "body of pay", "paid"):
            _killed_at(here, phase)
        assert _count(here, "SELECT count(*) FROM payments") == 1
        for phase in ("child begun", "body of label", "labelled"):
            _killed_at(here, phase)

        asleep = here.victim()
        asleep.tell("launch")
        wake_up = here.until_found(SLEEPS, id=ORDER)
        asleep.kill()
        happened_before = here.effects()
        assert happened_before == {(ORDER, "reserve"): 2, (f"{ORDER}-3", "label"): 2}

        waiting = here.victim()
        waiting.tell("launch")
        # Behind the second deadline is the receiving: the first message comes from yet another process.
        here.until_found(SLEEPS + " LIMIT 1 OFFSET 1", id=ORDER)
        waiting.kill()
        here.until_sessions_ended()
        assert _sleeps(here)[0] == wake_up, "the wake-up time does not move"
        assert here.time_of("wake") >= float(str(wake_up.output))
        assert float(str(wake_up.output)) - here.time_of("label") >= SLEEP_SECONDS
        deadline = _sleeps(here)[1]

        _killed_at(here, "received", f"approve {ORDER}")
        _killed_at(here, "body of ship")
        last = here.victim()
        last.tell("launch", f"await {ORDER}")
        last.until(RESULT)

        assert here.effects() == {
            (ORDER, "reserve"): 2,
            (f"{ORDER}-3", "label"): 2,
            (ORDER, "wake"): 1,
            (ORDER, "ship"): 2,
        }, "a step happens again only where the process died between its body and its record"
        assert _count(here, "SELECT count(*) FROM payments") == 1
        assert _sleeps(here) == [wake_up, deadline]
        calls = here.rows("SELECT name FROM {prefix}steps WHERE workflow_id = :id ORDER BY number", id=ORDER)
        assert [call.name for call in calls] == CALLS
        workflows = here.rows("SELECT workflow_id, status FROM {prefix}workflows")
        assert {row.workflow_id: row.status for row in workflows} == {ORDER: "SUCCESS", f"{ORDER}-3": "SUCCESS"}
        assert _count(here, "SELECT count(*) FROM {prefix}messages WHERE taken_by IS NOT NULL") == 1


def test_two_hundred_workflows_survive_the_death_of_their_process(database_url: str, tmp_path: Path) -> None:
    with scene(database_url, tmp_path) as here:
        first = here.victim()
        first.tell("launch", f"flood {ERRANDS}")
        first.until("many left")
        first.kill()
        here.until_sessions_ended()
        happened = here.effects()
        recorded = {(row.workflow_id, row.name) for row in here.rows("SELECT workflow_id, name FROM {prefix}steps")}
        ended = _count(here, "SELECT count(*) FROM {prefix}workflows WHERE status = 'SUCCESS'")
        assert ended < ERRANDS, "the process died in the middle of its work"

        second = here.victim()
        second.tell("launch", f"flood {ERRANDS}", f"drain {ERRANDS}")
        second.until(f"{ERRANDS} succeeded")

        expected = Counter(
            {
                (errand, step): happened[errand, step] + ((errand, step) not in recorded)
                for errand in (f"errand-{number:03}" for number in range(ERRANDS))
                for step in ("leave", "return")
            }
        )
        assert here.effects() == expected
        payments = Counter(row.workflow_id for row in here.rows("SELECT workflow_id FROM payments"))
        assert len(payments) == ERRANDS
        assert set(payments.values()) == {1}
        tried_again = "SELECT count(*) FROM {prefix}workflows WHERE recovery_attempts > 1"
        assert _count(here, tried_again) == 0
