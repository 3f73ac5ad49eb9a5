"""The ways in which a run loses its workflow."""

import pytest

ENDINGS = ["cancelled", "finished", "taken over", "deleted"]

every_ending = pytest.mark.parametrize("how", ENDINGS)
