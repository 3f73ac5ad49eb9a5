"""The plugin's own error codes: one for every rule."""

from __future__ import annotations

from typing import Final

from mypy.errorcodes import ErrorCode

CATEGORY: Final = "DBOS"

WORKFLOW: Final = ErrorCode("dbos-workflow", "Something else stands where a workflow is needed", CATEGORY)
ASYNC: Final = ErrorCode(
    "dbos-async", "Blocking call in a coroutine workflow, or a coroutine that nobody awaits", CATEGORY
)
CONTEXT: Final = ErrorCode("dbos-context", "Operation used where the runtime refuses it", CATEGORY)
SERIALIZABLE: Final = ErrorCode("dbos-serializable", "Value or type that cannot be stored", CATEGORY)
DETERMINISTIC: Final = ErrorCode("dbos-deterministic", "Workflow code that replay would not repeat", CATEGORY)
DETERMINISTIC_LOG: Final = ErrorCode(
    "dbos-deterministic-log",
    "Value that replay would not repeat, and that only reaches a log",
    CATEGORY,
    sub_code_of=DETERMINISTIC,
)
EVENT: Final = ErrorCode("dbos-event", "Event that the workflow at hand does not have", CATEGORY)
TOPIC: Final = ErrorCode("dbos-topic", "Topic or message that the workflow at hand does not receive", CATEGORY)
STALE: Final = ErrorCode("dbos-stale", "Generated code older than its source", CATEGORY)
ENQUEUE: Final = ErrorCode("dbos-enqueue", "Call by name that does not fit the workflow, or its queue", CATEGORY)

ALL: Final = (WORKFLOW, ASYNC, CONTEXT, SERIALIZABLE, DETERMINISTIC, DETERMINISTIC_LOG, EVENT, TOPIC, STALE, ENQUEUE)
BY_CODE: Final = {code.code: code for code in ALL}
