"""The methods that start a workflow: what they are given must be one, and its own signature checks the arguments."""

from __future__ import annotations

from typing import cast

from mypy.checker import TypeChecker
from mypy.nodes import ARG_POS, ARG_STAR, ARG_STAR2, CallExpr, Expression
from mypy.plugin import MethodSigContext
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    Overloaded,
    ProperType,
    TypeOfAny,
    get_proper_type,
)

from dbos_typed_mypy import errorcodes, fullnames
from dbos_typed_mypy.definitions import Definitions, shown
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.typeops import coroutine_result, is_starter, is_workflow, replaced, with_workflow


class StarterHook:
    """Checks a call of `start_workflow`, `enqueue` and their coroutine forms."""

    def __init__(self, reporter: Reporter, definitions: Definitions, owner: str, method: str) -> None:
        self._reporter = reporter
        self._definitions = definitions
        self._owner = owner
        self._method = method
        self._shown = f"`{owner}.{method}()`"

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """The signature for the workflow at hand; reports what is no workflow, or is none that can be awaited."""
        call = ctx.context
        if not is_starter(ctx.default_signature) or not isinstance(call, CallExpr) or call.arg_kinds[:1] != [ARG_POS]:
            return ctx.default_signature
        checker = cast("TypeChecker", ctx.api)
        argument = call.args[0]
        given = get_proper_type(checker.get_expression_type(argument))
        if not _is_known(given):
            return ctx.default_signature
        is_one = is_workflow(given) or self._definitions.may_be_workflow(argument, checker)
        chosen = _callable_for(given, call, checker)
        if is_one and _is_object(given):
            # What workflows of several signatures have in common.
            chosen = _anything(checker)
        if chosen is None:
            return ctx.default_signature
        is_awaited = not self._needs_coroutine() or _may_be_awaited(chosen)
        if not is_one:
            if not self._report_no_workflow(ctx, argument):
                return ctx.default_signature
        elif not is_awaited:
            if not self._report_no_coroutine(ctx, argument):
                return ctx.default_signature
        elif isinstance(given, Instance) and not _is_object(given):
            # The annotations of the runtime say all there is to say.
            return ctx.default_signature
        if not is_awaited:
            # One mistake, one message: the result is then what it would be of a coroutine workflow.
            chosen = replaced(chosen, ret_type=_awaitable(chosen, checker))
        anything = checker.named_generic_type("builtins.object", [])
        return with_workflow(ctx.default_signature, chosen, anything)

    def _needs_coroutine(self) -> bool:
        return self._method.endswith(fullnames.ASYNC_SUFFIX)

    def _report_no_workflow(self, ctx: MethodSigContext, argument: Expression) -> bool:
        return self._reporter.report(
            ctx.api,
            argument,
            errorcodes.WORKFLOW,
            f"{self._shown} needs a workflow, and {shown(argument)} is not one; decorate it with @DBOS.workflow(), or "
            "call it directly",
        )

    def _report_no_coroutine(self, ctx: MethodSigContext, argument: Expression) -> bool:
        blocking = self._method.removesuffix(fullnames.ASYNC_SUFFIX)
        return self._reporter.report(
            ctx.api,
            argument,
            errorcodes.ASYNC,
            f"{self._shown} starts coroutine workflows, and {shown(argument)} is not one; write it with `async def`, "
            f"or start it with `{self._owner}.{blocking}()`",
        )


def _is_known(type_: ProperType) -> bool:
    """Whether the type says what stands there; unions, variables and Any do not."""
    if isinstance(type_, Instance):
        return is_workflow(type_) or type_.type.get("definition") is None
    return isinstance(type_, FunctionLike)


def _callable_for(given: ProperType, call: CallExpr, checker: TypeChecker) -> CallableType | None:
    if isinstance(given, Instance):
        method = (
            checker.expr_checker.analyze_external_member_access("__call__", given, call)
            if given.type.get("__call__")
            else None
        )
        given = get_proper_type(method) if method is not None else given
    if isinstance(given, CallableType):
        return given
    if not isinstance(given, Overloaded):
        return None
    with checker.local_type_map, checker.msg.filter_errors() as errors:
        names = call.arg_names[1:] if call.arg_names else None
        _, chosen = checker.expr_checker.check_call(given, call.args[1:], call.arg_kinds[1:], call, names)
    matched = get_proper_type(chosen)
    return matched if isinstance(matched, CallableType) and not errors.has_new_errors() else given.items[0]


def _is_object(type_: ProperType) -> bool:
    return isinstance(type_, Instance) and type_.type.fullname == "builtins.object"


def _anything(checker: TypeChecker) -> CallableType:
    anything = AnyType(TypeOfAny.special_form)
    return CallableType(
        [anything, anything],
        [ARG_STAR, ARG_STAR2],
        [None, None],
        anything,
        checker.named_generic_type("builtins.function", []),
        is_ellipsis_args=True,
    )


def _may_be_awaited(function: CallableType) -> bool:
    result = get_proper_type(function.ret_type)
    return isinstance(result, AnyType) or coroutine_result(result) is not None


def _awaitable(function: CallableType, checker: TypeChecker) -> Instance:
    return checker.named_generic_type(
        fullnames.COROUTINE, [checker.named_generic_type("builtins.object", [])] * 2 + [function.ret_type]
    )
