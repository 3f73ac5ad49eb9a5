"""What is about to be stored, as far as mypy's types tell more than the source does.

The rules decide from the source, and what they say is not said again. Here the type of an expression is what mypy
inferred, and classes of other packages are known.
"""

from __future__ import annotations

from typing import Final, cast

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Context, Expression, FuncDef, MemberExpr, NameExpr, RefExpr
from mypy.plugin import CheckerPluginInterface, MethodContext, MethodSigContext
from mypy.types import AnyType, CallableType, Instance, Type, TypeVarType, get_proper_type

from dbos_gen.rules.storable.decision import Refusal, refusal
from dbos_typed_mypy import errorcodes, fullnames
from dbos_typed_mypy.hooks.storable import HasSource, describe
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.typeops import coroutine_result

_VALUES: Final = frozenset({"value", "message"})


class StoredValueHook:
    """Checks the value of `set_event`, `send` and `write_stream`."""

    def __init__(self, reporter: Reporter, verdicts: Verdicts, method: str) -> None:
        self._reporter = reporter
        self._verdicts = verdicts
        self._method = method
        self._last: tuple[Context, int] | None = None

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """Report values that cannot be stored; the signature stays."""
        checker = cast("TypeChecker", ctx.api)
        # Mypy asks once for every overload of the method.
        if self._last != (ctx.context, checker.pass_num):
            self._last = (ctx.context, checker.pass_num)
            for name, given in zip(ctx.default_signature.arg_names, ctx.args, strict=True):
                if name in _VALUES and len(given) == 1 and isinstance(given[0], CallExpr | RefExpr):
                    self._check(checker, given[0], name or "")
        return ctx.default_signature

    def _check(self, checker: TypeChecker, given: Expression, name: str) -> None:
        with checker.local_type_map, checker.msg.filter_errors():
            inferred = checker.expr_checker.accept(given)
        what = f"the {name} given to `DBOS.{self._method}`"
        _report(self._reporter, inferred, self._verdicts, checker, given, what, _dotted(given) or name)


class Verdicts:
    """Decides whether types can be stored; most of them are asked about many times."""

    def __init__(self, has_source: HasSource, *, remembers: bool) -> None:
        """`remembers` is False in the daemon, where classes change and stay the same objects."""
        self._has_source = has_source
        self._known: dict[Type, Refusal | None] | None = {} if remembers else None

    def of(self, given: Type) -> Refusal | None:
        """Return why values of the type cannot be stored, None when they can."""
        if self._known is None:
            return refusal(describe(given, self._has_source))
        if given not in self._known:
            self._known[given] = refusal(describe(given, self._has_source))
        return self._known[given]


class StoredSignatureHook:
    """Checks what a decorated function takes and gives: `kind` says what the decorator makes of it."""

    def __init__(self, reporter: Reporter, verdicts: Verdicts, kind: str) -> None:
        self._reporter = reporter
        self._verdicts = verdicts
        self._kind = kind

    def analyze(self, ctx: MethodContext) -> Type:
        """Report parameters and results that cannot be stored; the type of the decorated function stays."""
        function = get_proper_type(ctx.arg_types[0][0]) if ctx.arg_types and ctx.arg_types[0] else None
        definition = function.definition if isinstance(function, CallableType) else None
        if isinstance(function, CallableType) and isinstance(definition, FuncDef):
            self._check(function, definition, ctx.api)
        return ctx.default_return_type

    def _check(self, function: CallableType, definition: FuncDef, api: CheckerPluginInterface) -> None:
        last = definition.body.body[0].line if definition.body.body else definition.line
        if self._reporter.has_finding(api, errorcodes.SERIALIZABLE, range(definition.line, last + 1)):
            return
        if self._kind == fullnames.short(fullnames.WORKFLOW):
            skipped = 1 if definition.info and not definition.is_static else 0
            for argument, declared in list(zip(definition.arguments, function.arg_types, strict=False))[skipped:]:
                what = f"parameter `{argument.variable.name}` of workflow `{definition.name}`"
                _report(self._reporter, declared, self._verdicts, api, argument, what, argument.variable.name)
        result = coroutine_result(function.ret_type) if definition.is_coroutine else function.ret_type
        if result is not None:
            what = f"the result of {self._kind} `{definition.name}`"
            _report(self._reporter, result, self._verdicts, api, definition, what, "result")


def _report(
    reporter: Reporter,
    given: Type,
    verdicts: Verdicts,
    api: CheckerPluginInterface,
    place: Context,
    what: str,
    root: str,
) -> None:
    if _is_stored_for_sure(given):
        return
    found = verdicts.of(given)
    if found is not None:
        text = f"{what} cannot be stored: `{found.path(root)}` is of type `{found.shown}`{found.because}"
        reporter.report(api, place, errorcodes.SERIALIZABLE, f"{text}; {found.remedy}")


def _is_stored_for_sure(given: Type) -> bool:
    """Whether a look at the outside of the type is enough; most values are numbers and texts."""
    proper = get_proper_type(given)
    if isinstance(proper, AnyType | TypeVarType):
        return True
    return isinstance(proper, Instance) and proper.type.module_name == "builtins" and not proper.args


def _dotted(expression: Expression) -> str:
    if isinstance(expression, NameExpr):
        return expression.name
    if isinstance(expression, MemberExpr):
        owner = _dotted(expression.expr)
        return f"{owner}.{expression.name}" if owner else ""
    return ""
