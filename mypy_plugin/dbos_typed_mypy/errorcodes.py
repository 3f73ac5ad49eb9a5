"""The plugin's own error codes."""

from __future__ import annotations

from typing import Final

from mypy.errorcodes import ErrorCode

CATEGORY: Final = "DBOS"

WORKFLOW: Final = ErrorCode("dbos-workflow", "Something else stands where a workflow is needed", CATEGORY)
ASYNC: Final = ErrorCode(
    "dbos-async", "Blocking call in a coroutine workflow, or a coroutine that nobody awaits", CATEGORY
)
CONTEXT: Final = ErrorCode("dbos-context", "Operation used where the runtime refuses it", CATEGORY)

ALL: Final = (WORKFLOW, ASYNC, CONTEXT)
