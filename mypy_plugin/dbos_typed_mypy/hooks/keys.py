"""The methods that take a value and the typed key it is stored under."""

from __future__ import annotations

from mypy.nodes import CallExpr, RefExpr
from mypy.plugin import MethodSigContext
from mypy.types import CallableType, Instance, get_proper_type

from dbos_typed_mypy import errorcodes, fullnames
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.typeops import coroutine_result, with_key

VALUES = {"value", "message"}


class KeyHook:
    """Lets the key alone decide the type of the value, and finds coroutines that were meant to be awaited."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """The signature with the key's value type, so that `[1, 2]` may be given where `list[float]` is stored."""
        self._check_awaited(ctx)
        for position, declared in enumerate(ctx.default_signature.arg_types):
            proper = get_proper_type(declared)
            if isinstance(proper, Instance) and proper.type.fullname in fullnames.KEYS and len(ctx.args[position]) == 1:
                key = get_proper_type(ctx.api.get_expression_type(ctx.args[position][0]))
                return (
                    with_key(ctx.default_signature, position, key)
                    if isinstance(key, Instance)
                    else ctx.default_signature
                )
        return ctx.default_signature

    def _check_awaited(self, ctx: MethodSigContext) -> None:
        for name, expressions in zip(ctx.default_signature.arg_names, ctx.args, strict=True):
            if name not in VALUES or len(expressions) != 1 or not isinstance(expressions[0], CallExpr | RefExpr):
                continue
            given = get_proper_type(ctx.api.get_expression_type(expressions[0]))
            if isinstance(given, Instance) and coroutine_result(given) is not None:
                self._reporter.report(
                    ctx.api,
                    expressions[0],
                    errorcodes.ASYNC,
                    f'The {name} is a coroutine, which cannot be stored; write "await" before it',
                )
