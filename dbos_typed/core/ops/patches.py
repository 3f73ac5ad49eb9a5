"""Changing the code of workflows that are under way."""

from __future__ import annotations

from dbos_typed.core.context import Frame
from dbos_typed.core.effects import Operation
from dbos_typed.core.engine import Engine
from dbos_typed.core.names import check_name
from dbos_typed.core.ops.recording import record, replayed, require_workflow
from dbos_typed.core.run import Run
from dbos_typed.records import StepKind


def patch(engine: Engine, frame: Frame, name: str) -> Operation[bool]:
    """Whether the run takes the changed branch: yes, unless it passed this point before the change.

    The marker takes a step number in new runs only, so that an old run finds its records where they were.
    """
    run = require_workflow(frame, "DBOS.patch")
    check_name(name, "the name of a patch")
    marker = marker_name(name)
    number = run.next_number()
    known = run.records.get(number)
    if known is not None and known.name != marker:
        return _answer(is_patched=False)
    return _mark(engine, run, run.take_numbers(), marker)


def deprecate_patch(engine: Engine, frame: Frame, name: str) -> Operation[bool]:
    """Pass over the marker of a patch whose old branch is gone. Once no run that has it is left, remove the call."""
    run = require_workflow(frame, "DBOS.deprecate_patch")
    check_name(name, "the name of a patch")
    known = run.records.get(run.next_number())
    if known is not None and known.name == marker_name(name):
        run.take_numbers()
    del engine
    return _answer(is_patched=True)


def marker_name(name: str) -> str:
    """What the marker is recorded as."""
    return f"DBOS.patch-{name}"


async def _answer(*, is_patched: bool) -> bool:
    return is_patched


async def _mark(engine: Engine, run: Run, number: int, marker: str) -> bool:
    if replayed(run, number, marker, StepKind.OPERATION) is None:
        await record(engine, run, number, marker)
    return True
