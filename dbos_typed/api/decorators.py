"""The decorators of functions and classes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Never, TypeVar, cast

from dbos_typed.api.blocks import checked_auth
from dbos_typed.api.functions import F, StepDecorator, TransactionDecorator, WorkflowDecorator
from dbos_typed.api.guarding import guarded
from dbos_typed.api.invoke import call_step, call_transaction, call_workflow
from dbos_typed.api.places import place_of_class
from dbos_typed.api.recorded import AnyFunction
from dbos_typed.api.registration import define_step, define_transaction, define_workflow, registry
from dbos_typed.core import context
from dbos_typed.core.names import check_name, check_names
from dbos_typed.core.quantities import check_count, check_duration
from dbos_typed.core.registry import StepOptions, TransactionOptions
from dbos_typed.error import DBOSDecorationError

C = TypeVar("C", bound=type)

ISOLATION_LEVELS = ("SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED")


class Decorators:
    """What makes functions durable."""

    @classmethod
    def workflow(
        cls, *bare: Never, name: str | None = None, max_recovery_attempts: int | None = 50
    ) -> WorkflowDecorator:
        """Make a function a workflow.

        `name` is what it is stored under, by default its `__qualname__`. After more than `max_recovery_attempts`
        recoveries it is set aside as RETRIES_EXCEEDED; None: never.
        """
        _refuse_bare(bare, "workflow")
        _check(
            max_recovery_attempts is None or max_recovery_attempts >= 0,
            "workflow",
            f"max_recovery_attempts is {max_recovery_attempts}; it counts from 0",
        )
        return WorkflowDecorator(
            lambda function: define_workflow(function, name=name, max_recovery_attempts=max_recovery_attempts),
            call_workflow,
        )

    @classmethod
    def step(
        cls,
        *bare: Never,
        name: str | None = None,
        retries_allowed: bool = False,
        interval_seconds: float = 1.0,
        max_attempts: int = 3,
        backoff_rate: float = 2.0,
        should_retry: Callable[[BaseException], bool] | None = None,
    ) -> StepDecorator:
        """Make a function a step: its result is recorded after it ran, so it runs at least once.

        With `retries_allowed` it is called up to `max_attempts` times; the first wait lasts `interval_seconds`, each
        next one `backoff_rate` times longer. `should_retry(error)` ends the attempts early. When all fail,
        DBOSMaxStepRetriesExceeded carries the error of each.
        """
        _refuse_bare(bare, "step")
        check_count(max_attempts, "@DBOS.step(): max_attempts", least=1)
        check_duration(interval_seconds, "@DBOS.step(): interval_seconds", may_be_zero=True)
        check_duration(backoff_rate, "@DBOS.step(): backoff_rate")
        _check(backoff_rate >= 1, "step", f"backoff_rate is {backoff_rate}; it must be at least 1")
        options = StepOptions(
            retries_allowed=retries_allowed,
            interval_seconds=interval_seconds,
            max_attempts=max_attempts,
            backoff_rate=backoff_rate,
            should_retry=should_retry,
        )
        return StepDecorator(
            lambda function: define_step(function, name=name, options=options, invoke=call_step), call_step
        )

    @classmethod
    def transaction(
        cls, isolation_level: str = "SERIALIZABLE", *, name: str | None = None, read_only: bool = False
    ) -> TransactionDecorator:
        """Make a function a transaction: its record commits with its own SQL, so its effect happens exactly once.

        `DBOS.sql_session` is its session. Serialization failures and deadlocks are tried again.
        """
        _refuse_bare((isolation_level,), "transaction")
        _check(
            isolation_level in ISOLATION_LEVELS,
            "transaction",
            f"isolation_level is {isolation_level!r}; it must be one of {', '.join(ISOLATION_LEVELS)}",
        )
        options = TransactionOptions(isolation_level=isolation_level, read_only=read_only)
        return TransactionDecorator(
            lambda function: define_transaction(function, name=name, options=options, invoke=call_transaction),
            call_transaction,
        )

    @classmethod
    def dbos_class(cls, class_name: str | None = None) -> Callable[[C], C]:
        """Register a class whose methods are workflows, under `class_name` or its `__qualname__`.

        DBOSConflictingRegistrationError: another class has the name.
        """
        if class_name is not None:
            _refuse_bare((class_name,), "dbos_class")
            check_name(class_name, "@DBOS.dbos_class(): class_name")

        def register(decorated: C) -> C:
            registry.places.define("class", decorated.__module__, decorated.__qualname__, place_of_class(decorated))
            registry.add_class(class_name or decorated.__qualname__, decorated)
            return decorated

        return register

    @classmethod
    def required_roles(cls, roles: Sequence[str]) -> Callable[[F], F]:
        """Let only users with one of these roles call the function; an empty list opens it to everybody.

        The first role of the list that the user has is the assumed role. Goes above or below the other decorators, and
        guards a function that has none as well.
        """
        required = tuple(check_names(roles, "the required roles"))

        def require(function: F) -> F:
            registry.require_roles(inspect.unwrap(cast("AnyFunction", function)), required)
            return guarded(function, required)

        return require

    @classmethod
    def default_required_roles(cls, roles: Sequence[str]) -> Callable[[C], C]:
        """The required roles of those functions of a class that have none of their own."""
        required = tuple(check_names(roles, "the required roles"))

        def require(decorated: C) -> C:
            registry.require_class_roles(decorated, required)
            return decorated

        return require

    @classmethod
    def set_authentication(cls, authenticated_user: str | None, authenticated_roles: Sequence[str] | None) -> None:
        """Set who calls, for the rest of the running context; HTTP middleware does this."""
        context.put(replace(context.current(), auth=checked_auth(authenticated_user, authenticated_roles)))


def _refuse_bare(given: tuple[object, ...], decorator: str) -> None:
    """DBOSDecorationError: the decorator stands without its parentheses, or with an argument that has no name."""
    for each in given:
        if callable(each):
            raise DBOSDecorationError(
                f"@DBOS.{decorator} stands above {getattr(each, '__qualname__', each)} without its parentheses: write "
                f"@DBOS.{decorator}(). Nothing was registered."
            )
        if decorator in ("workflow", "step"):
            raise DBOSDecorationError(
                f"@DBOS.{decorator}() was given {each!r} without saying what it is: write name={each!r}."
            )


def _check(is_fine: bool, decorator: str, problem: str) -> None:  # a condition
    if not is_fine:
        msg = f"@DBOS.{decorator}(): {problem}."
        raise ValueError(msg)
