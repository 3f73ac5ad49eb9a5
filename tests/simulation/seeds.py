"""Where the random choices of a simulation begin."""

import os
from datetime import UTC, datetime


def chosen_seed() -> int:
    """The seed that the environment variable SEED gives, else one that changes from day to day."""
    given = os.environ.get("SEED")
    return int(given) if given else datetime.now(UTC).date().toordinal()
