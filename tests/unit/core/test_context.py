"""Where the running code stands."""

import asyncio
import contextlib
import contextvars
from collections.abc import Generator
from dataclasses import replace

from dbos_typed.api.blocks import SetWorkflowID
from dbos_typed.core import context
from dbos_typed.core.context import OUTSIDE, Frame, Scope
from dbos_typed.records import Auth
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


def test_abandoned_code_leaves_the_code_that_closes_it_where_it_stands() -> None:
    def waiting() -> Generator[None]:
        with context.changed(auth=Auth(user="waiting", roles=None)):
            yield

    with SetWorkflowID("outer"):
        abandoned = waiting()
        contextvars.copy_context().run(next, abandoned)
    here = Frame(auth=Auth(user="here", roles=None))
    with context.entered(here):
        abandoned.close()
        assert context.current() is here
    assert context.current() is OUTSIDE


def test_block_that_is_left_after_the_one_around_it_changes_nothing() -> None:
    def generator() -> Generator[None]:
        with context.changed(scope=Scope.STEP):
            yield

    frame = Frame(scope=Scope.WORKFLOW, run=run_of("w"))
    with context.entered(frame):
        suspended = generator()
        next(suspended)
        context.put(replace(context.current(), auth=Auth(user="set", roles=None)))
    assert context.current() is OUTSIDE
    suspended.close()
    assert context.current() is OUTSIDE
