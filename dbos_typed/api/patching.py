"""Changing the code of workflows that are under way."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from dbos_typed.api.invoke import refuse_blocking
from dbos_typed.core import context
from dbos_typed.core.effects import Operation
from dbos_typed.core.ops import patches
from dbos_typed.runtime import current


class Patching:
    """Guards for changed code, so that runs which passed it before the change keep the old branch."""

    @classmethod
    def patch(cls, name: str) -> bool:
        """Whether to take the changed branch.

        ```python
        if DBOS.patch("charge-in-euros"):
            charge_euros(order)
        else:
            charge_dollars(order)      # runs that were past this point when the change was deployed
        ```

        The first call in a run records a marker. DBOSContextError: called outside the body of a workflow.
        """
        refuse_blocking(context.current(), "DBOS.patch", "DBOS.patch_async")
        return current.get().run(_patch(name))

    @classmethod
    def patch_async(cls, name: str) -> Coroutine[Any, Any, bool]:
        """Coroutine version of patch."""
        return current.get().run_async(_patch(name))

    @classmethod
    def deprecate_patch(cls, name: str) -> bool:
        """Stand where `patch` stood, once no run takes the old branch any more; always True.

        It passes over the marker in runs that have it. Remove it when no such run is left.
        """
        refuse_blocking(context.current(), "DBOS.deprecate_patch", "DBOS.deprecate_patch_async")
        return current.get().run(_deprecate(name))

    @classmethod
    def deprecate_patch_async(cls, name: str) -> Coroutine[Any, Any, bool]:
        """Coroutine version of deprecate_patch."""
        return current.get().run_async(_deprecate(name))


def _patch(name: str) -> Operation[bool]:
    return patches.patch(current.get().engine, context.current(), name)


def _deprecate(name: str) -> Operation[bool]:
    return patches.deprecate_patch(current.get().engine, context.current(), name)
