"""Generated references at work on a real database."""

import subprocess
import sys

from tests.codegen.conftest import Cases

_EXPECTED = """\
1 reserved o-1
Receipt(order_id='o-1', approved_by='ann (please hurry)')
Receipt(order_id='o-1', approved_by='ann (please hurry)')
Receipt(order_id='o-1', approved_by='ann (please hurry)')
[('first', Receipt(order_id='o-1', approved_by='ann (please hurry)'))]
[]
DBOSWorkflowTypeMismatchError
DBOSNonExistentWorkflowError
CANCELLED
bob (late)
queued: pot
Receipt(order_id='o-1', approved_by='cid (again)')
Receipt(order_id='o-1', approved_by='dan (forked)')
DBOSWorkflowTypeMismatchError
DBOSWorkflowTypeMismatchError
DBOSWorkflowTypeMismatchError
0
main: cup
Shop x 3
2024
other-name
side: cup
side: bowl
Branch x 2 2025
side: mug
the workflow has no event 'progres'; known: 'progress', 'reservation'. Run dbos-gen if the workflow has changed
the workflow has no topic 'nobody'; known: 'approval', 'note'. Run dbos-gen if the workflow has changed
[0, 1] ['tick 0', 'tick 1'] [2, 'end']
the workflow has no stream 'tocks'; known: 'mixed', 'ticks', 'words'. Run dbos-gen if the workflow has changed
[0, 1, 2]
2
{'a': 7, 'b': 7}
{'c': 8}
{'a': 7, 'b': 7} ['third']
"""


def test_references_start_find_and_talk_to_workflows(cases: Cases, database_url: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "running.use", database_url],
        cwd=cases.root,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert found.stdout == _EXPECTED, found.stderr
    assert found.returncode == 0, found.stderr
