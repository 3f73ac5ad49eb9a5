"""Operations that only types tell apart, where the runtime refuses them or where they would block the event loop.

What stands in the source is for the rules to find, which look into helpers too. Here a handle, a queue or a workflow
arrives as a value: in an attribute, from a call, as a parameter.
"""

from __future__ import annotations

from typing import Final

from mypy.plugin import MethodSigContext
from mypy.types import CallableType

from dbos_typed_mypy import errorcodes, fullnames
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.scopes import Role, Scopes

_ARTICLE: Final = {Role.STEP: "a step", Role.TRANSACTION: "a transaction"}


class HandleHook:
    """Checks where a blocking method of a handle is called."""

    def __init__(self, reporter: Reporter, scopes: Scopes, method: str) -> None:
        self._reporter = reporter
        self._scopes = scopes
        self._method = method

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """Report a call in a coroutine workflow; the signature stays."""
        if self._scopes.place(ctx.api).blocks_coroutine_workflow:
            self._reporter.report(
                ctx.api,
                ctx.context,
                errorcodes.ASYNC,
                _blocks(f"handle.{self._method}") + "take the handle from a method that ends in `_async`, and write "
                f"`await handle.{self._method}(...)`",
            )
        return ctx.default_signature


class QueueHook:
    """Checks where a queue is given a workflow."""

    def __init__(self, reporter: Reporter, scopes: Scopes, method: str) -> None:
        self._reporter = reporter
        self._scopes = scopes
        self._method = method

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """Report what blocks a coroutine workflow, and any call in a step or transaction; the signature stays."""
        place = self._scopes.place(ctx.api)
        if place.blocks_coroutine_workflow and not self._method.endswith(fullnames.ASYNC_SUFFIX):
            message = f"{_blocks(f'Queue.{self._method}')}write `await queue.{self._method}_async(...)`"
            self._reporter.report(ctx.api, ctx.context, errorcodes.ASYNC, message)
        if place.role in _ARTICLE:
            self._reporter.report(
                ctx.api,
                ctx.context,
                errorcodes.CONTEXT,
                f"`Queue.{self._method}()` starts a workflow, and `{place.function}` is {_ARTICLE[place.role]}, which "
                "may run again and start another; call it in the workflow, before or after",
            )
        return ctx.default_signature


class DirectCallHook:
    """Checks where a workflow is called like a function."""

    def __init__(self, reporter: Reporter, scopes: Scopes) -> None:
        self._reporter = reporter
        self._scopes = scopes

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """Report a call from a step or transaction; the signature stays."""
        place = self._scopes.place(ctx.api)
        if place.role in _ARTICLE:
            self._reporter.report(
                ctx.api,
                ctx.context,
                errorcodes.CONTEXT,
                f"this calls a workflow, and `{place.function}` is {_ARTICLE[place.role]}, which may run again and "
                "call it again; call it in the workflow, before or after",
            )
        return ctx.default_signature


def _blocks(name: str) -> str:
    return f"`{name}()` blocks the event loop of a coroutine workflow, and the runtime refuses it there; "
