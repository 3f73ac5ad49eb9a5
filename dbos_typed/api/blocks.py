"""Context managers for the code in a `with` block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self, cast

from dbos_typed.core import context
from dbos_typed.core.context import AssignedId, Block, EnqueueOptions, Frame
from dbos_typed.core.names import check_name, check_new_id
from dbos_typed.core.quantities import check_count, check_duration
from dbos_typed.records import Auth

MIN_PRIORITY = 1
MAX_PRIORITY = 2**31 - 1


class _Block:
    """Puts a changed frame in place for the block; the former one comes back at its end."""

    _block: Block

    def _changed(self, frame: Frame) -> Frame:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._block = Block(self._changed(context.current()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._block.leave()


class SetWorkflowID(_Block):
    """Gives the next workflow that is started in the block this id, which makes the start idempotent.

    A step or transaction that is called in the block outside workflows takes it as well: it runs once, as a workflow
    that consists of it alone and is recovered like every other one. Its arguments must be storable then.
    A second one in the same block gets a generated id, with a warning.
    """

    def __init__(self, wfid: str) -> None:
        """ValueError: the id is empty, cannot be stored, or begins like those that the engine gives itself."""
        run = context.current().run
        self._workflow_id = check_new_id(wfid, None if run is None else run.workflow_id)

    def _changed(self, frame: Frame) -> Frame:
        return replace(frame, assigned_id=AssignedId(self._workflow_id, is_for_steps=True))


class SetWorkflowTimeout(_Block):
    """Gives the workflows that are started in the block this many seconds to end; then they are cancelled.

    The time runs from the start, for queued workflows from leaving the queue. Children inherit the deadline. None takes
    an inherited deadline away.
    """

    def __init__(self, workflow_timeout_sec: float | None) -> None:
        """ValueError: the timeout is not positive, or endless."""
        if workflow_timeout_sec is not None:
            check_duration(workflow_timeout_sec, "SetWorkflowTimeout: the timeout")
        self._seconds = workflow_timeout_sec

    def _changed(self, frame: Frame) -> Frame:
        return replace(frame, timeout_seconds=self._seconds, has_timeout=True)


class SetEnqueueOptions(_Block):
    """Options for the workflows that are put on queues in the block.

    A second workflow with the `deduplication_id` of one that waits or runs is refused with DBOSQueueDeduplicatedError.
    The lowest `priority` goes first. `app_version` names the executors that may run it. `delay_seconds` is how long it
    waits at least.
    """

    def __init__(
        self,
        *,
        deduplication_id: str | None = None,
        priority: int | None = None,
        app_version: str | None = None,
        queue_partition_key: str | None = None,
        delay_seconds: float = 0,
    ) -> None:
        """ValueError: an option is out of its range or cannot be stored."""
        if priority is not None:
            check_count(priority, "priority", least=MIN_PRIORITY, most=MAX_PRIORITY)
        check_duration(delay_seconds, "delay_seconds", may_be_zero=True)
        self._options = EnqueueOptions(
            deduplication_id=_checked(deduplication_id, "deduplication_id"),
            priority=priority,
            app_version=_checked(app_version, "app_version"),
            partition_key=_checked(queue_partition_key, "queue_partition_key"),
            delay_seconds=delay_seconds,
        )

    def _changed(self, frame: Frame) -> Frame:
        return replace(frame, enqueue=self._options)


def _checked(given: object, what: str) -> str | None:
    return None if given is None else check_name(given, what)


class DBOSContextEnsure(_Block):
    """Marks code in which DBOS functions are called. There is always a context, so it changes nothing."""

    def _changed(self, frame: Frame) -> Frame:
        return frame


class DBOSContextSetAuth(_Block):
    """Runs the block as this user with these roles; the former identity comes back at its end."""

    def __init__(self, user: str | None, roles: Sequence[str] | None) -> None:
        """TypeError or ValueError: the user is no text, or the roles are no sequence of texts, that can be stored."""
        self._auth = checked_auth(user, roles)

    def _changed(self, frame: Frame) -> Frame:
        return replace(frame, auth=self._auth)


def checked_auth(user: object, roles: object) -> Auth:
    """An identity. TypeError or ValueError: a name in it is no text, or cannot be stored."""
    name = "" if user == "" else _checked(user, "the authenticated user")
    if roles is None:
        return Auth(user=name, roles=None)
    if isinstance(roles, str | bytes) or not isinstance(roles, Iterable):
        msg = f"the roles of the authenticated user are {roles!r}; give a list of texts."
        raise TypeError(msg)
    several = tuple(check_name(role, "a role of the authenticated user") for role in cast("Iterable[object]", roles))
    return Auth(user=name, roles=several)
