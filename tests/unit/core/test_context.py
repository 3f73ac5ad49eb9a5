"""Where the running code stands."""

import asyncio
import contextlib

from dbos_typed.core import context
from dbos_typed.core.context import OUTSIDE, Frame, Scope
from tests.unit.core.definitions import run_of


def test_code_begins_outside_any_workflow() -> None:
    assert context.current() is OUTSIDE
    assert OUTSIDE.scope is Scope.OUTSIDE


def test_frame_comes_back_after_its_block_also_after_an_error() -> None:
    frame = Frame(scope=Scope.WORKFLOW, run=run_of("w"))
    with context.entered(frame):
        assert context.current() is frame
        with context.changed(scope=Scope.STEP):
            assert context.current().scope is Scope.STEP
            assert context.current().run is frame.run
        assert context.current() is frame
    assert context.current() is OUTSIDE
    with contextlib.suppress(ValueError), context.entered(frame):
        raise ValueError
    assert context.current() is OUTSIDE


def test_tasks_inherit_a_frame_of_their_own() -> None:
    async def step(scope: Scope, turn: asyncio.Barrier) -> Scope:
        with context.changed(scope=scope):
            await turn.wait()
            return context.current().scope

    async def workflow() -> list[Scope]:
        with context.entered(Frame(scope=Scope.WORKFLOW, run=run_of("w"))):
            turn = asyncio.Barrier(2)
            found = await asyncio.gather(step(Scope.STEP, turn), step(Scope.TRANSACTION, turn))
            return [*found, context.current().scope]

    assert asyncio.run(workflow()) == [Scope.STEP, Scope.TRANSACTION, Scope.WORKFLOW]
