"""How far the agent may go."""

from collections.abc import Mapping

BUDGET: Mapping[str, int] = {"turns": 4, "tools": 3}
APPROVED = ["search", "read", "echo"]
BILLED = {"search"}
MAX_PARALLEL = 2
VERBOSE = False


def is_allowed(tool: str) -> bool:
    """Whether nobody has to be asked."""
    return tool in APPROVED


def turns() -> range:
    """The turns of a task."""
    return range(BUDGET["turns"])
