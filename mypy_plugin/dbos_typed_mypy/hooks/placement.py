"""Operations that the runtime refuses where they stand, or that would block the event loop there."""

from __future__ import annotations

from mypy.nodes import AssignmentStmt, CallExpr, Expression, MemberExpr, NameExpr
from mypy.plugin import AttributeContext, MethodSigContext
from mypy.types import CallableType, Type

from dbos_typed_mypy import errorcodes, fullnames
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.scopes import Place, Role, Scopes, is_dbos
from dbos_typed_mypy.typeops import is_starter

ARTICLE = {Role.WORKFLOW: "a workflow", Role.STEP: "a step", Role.TRANSACTION: "a transaction"}


class OperationHook:
    """Checks where one method of the runtime is called."""

    def __init__(self, reporter: Reporter, scopes: Scopes, fullname: str, *, has_twin: bool) -> None:
        owner, _, method = fullname.rpartition(".")
        self._reporter = reporter
        self._scopes = scopes
        self._method = method
        self._shown = f"{fullnames.short(owner)}.{method}()"
        self._is_on_handle = fullname in fullnames.BLOCKING_ON_HANDLE
        self._is_blocking = has_twin or self._is_on_handle
        self._is_workflow_only = fullname.removesuffix(fullnames.ASYNC_SUFFIX) in fullnames.WORKFLOW_ONLY

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """Report what is wrong about the place; the signature stays."""
        place = self._scopes.place(ctx.api)
        if place.blocks_coroutine_workflow and self._is_blocking:
            self._reporter.report(ctx.api, ctx.context, errorcodes.ASYNC, self._blocking_message())
        message = self._refusal(place, starts=is_starter(ctx.default_signature))
        if message is not None:
            self._reporter.report(ctx.api, ctx.context, errorcodes.CONTEXT, message)
        return ctx.default_signature

    def _blocking_message(self) -> str:
        if self._is_on_handle:
            return (
                f"{self._shown} blocks the event loop of the coroutine workflow; take the handle from a method "
                f'ending in "_async" and await its {self._method}()'
            )
        return f'{self._shown} blocks the event loop of the coroutine workflow; use "await" and {self._method}_async()'

    def _refusal(self, place: Place, *, starts: bool) -> str | None:
        if self._is_workflow_only:
            if place.role in {Role.STEP, Role.TRANSACTION}:
                return (
                    f'{self._shown} works in a workflow only, and "{place.function}" is {ARTICLE[place.role]}; '
                    "call it in the workflow, before or after"
                )
            if place.role is Role.OUTSIDE:
                return (
                    f"{self._shown} works in a workflow only, and this runs outside of any; " + self._outside_remedy()
                )
        if starts and place.role in {Role.STEP, Role.TRANSACTION}:
            return (
                f'{self._shown} starts a workflow, and "{place.function}" is {ARTICLE[place.role]}, which may not; '
                "start it in the workflow that calls this"
            )
        return None

    def _outside_remedy(self) -> str:
        remedies = {
            "recv": "move it into a workflow, and use DBOS.send() to reach that",
            "set_event": "move it into the workflow whose event it is",
            "sleep": "use time.sleep() or move it into a workflow",
        }
        return remedies[self._method.removesuffix(fullnames.ASYNC_SUFFIX)]


class DirectCallHook:
    """Checks where a workflow is called like a function."""

    def __init__(self, reporter: Reporter, scopes: Scopes) -> None:
        self._reporter = reporter
        self._scopes = scopes

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """Report a call from a step or transaction; the signature stays."""
        place = self._scopes.place(ctx.api)
        if place.role in {Role.STEP, Role.TRANSACTION}:
            self._reporter.report(
                ctx.api,
                ctx.context,
                errorcodes.CONTEXT,
                f'This calls a workflow, and "{place.function}" is {ARTICLE[place.role]}, which may not; '
                "call it in the workflow that calls this",
            )
        return ctx.default_signature


class SessionHook:
    """Checks the use of the transaction's session."""

    def __init__(self, reporter: Reporter, scopes: Scopes) -> None:
        self._reporter = reporter
        self._scopes = scopes

    def analyze_access(self, ctx: AttributeContext) -> Type:
        """Report an access outside transactions; the type stays."""
        place = self._scopes.place(ctx.api)
        if place.role in {Role.WORKFLOW, Role.STEP, Role.OUTSIDE}:
            where = (
                f'"{place.function}" is {ARTICLE[place.role]}' if place.role in ARTICLE else "this runs outside of any"
            )
            self._reporter.report(
                ctx.api,
                ctx.context,
                errorcodes.CONTEXT,
                f"DBOS.sql_session exists in a transaction only, and {where}; "
                "move the SQL into a function decorated with @DBOS.transaction()",
            )
        return ctx.default_attr_type

    def analyze_ending(self, ctx: MethodSigContext) -> CallableType:
        """Report commit and rollback on the session; the signature stays."""
        call = ctx.context
        if (
            isinstance(call, CallExpr)
            and isinstance(call.callee, MemberExpr)
            and self._is_session(call.callee.expr, ctx)
        ):
            remedy = "return from" if call.callee.name == "commit" else "raise an exception in"
            self._reporter.report(
                ctx.api,
                call,
                errorcodes.CONTEXT,
                f"The runtime ends the transaction, so {call.callee.name}() is refused on its session; "
                f"{remedy} the function to {'commit' if call.callee.name == 'commit' else 'roll back'}",
            )
        return ctx.default_signature

    def _is_session(self, expression: Expression, ctx: MethodSigContext) -> bool:
        if _is_sql_session(expression):
            return True
        if not isinstance(expression, NameExpr) or expression.node is None:
            return False
        sources = [
            statement.rvalue
            for statement in self._scopes.function_body(ctx.api)
            if isinstance(statement, AssignmentStmt)
            and any(isinstance(target, NameExpr) and target.node is expression.node for target in statement.lvalues)
        ]
        return bool(sources) and all(_is_sql_session(source) for source in sources)


def _is_sql_session(expression: Expression) -> bool:
    return (
        isinstance(expression, MemberExpr)
        and expression.name == fullnames.short(fullnames.SQL_SESSION)
        and is_dbos(expression.expr)
    )
