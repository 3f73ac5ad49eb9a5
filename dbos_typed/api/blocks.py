"""Context managers for the code in a `with` block."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Self

from dbos_typed.core import context
from dbos_typed.core.context import AssignedId, Frame
from dbos_typed.core.names import check_name


class _Block:
    """Puts a changed frame in place for the block; the former one comes back at its end."""

    _before: Frame

    def _changed(self, frame: Frame) -> Frame:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._before = context.current()
        context.put(self._changed(self._before))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        context.put(self._before)


class SetWorkflowID(_Block):
    """Gives the next workflow that is started in the block this id, which makes the start idempotent.

    A second one in the same block gets a generated id, with a warning.
    """

    def __init__(self, wfid: str) -> None:
        """ValueError: the id is empty or cannot be stored."""
        self._workflow_id = check_name(wfid, "the workflow id")

    def _changed(self, frame: Frame) -> Frame:
        return replace(frame, assigned_id=AssignedId(self._workflow_id))
