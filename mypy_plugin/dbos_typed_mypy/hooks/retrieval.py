"""The methods that take `workflow=`, which says what the result of a run found by its id is."""

from __future__ import annotations

from typing import cast

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr
from mypy.plugin import MethodSigContext
from mypy.typeops import make_simplified_union
from mypy.types import AnyType, CallableType, FunctionLike, Instance, Type, TypeOfAny, get_proper_type

from dbos_typed_mypy import errorcodes, fullnames
from dbos_typed_mypy.definitions import Definitions, shown
from dbos_typed_mypy.reporting import Reporter
from dbos_typed_mypy.typeops import is_workflow, with_result, without_variables

PARAMETER = "workflow"


class RetrievalHook:
    """Checks a call of `retrieve_workflow`, `resume_workflow`, `restart_workflow`, `fork_workflow`."""

    def __init__(self, reporter: Reporter, definitions: Definitions, owner: str, method: str) -> None:
        self._reporter = reporter
        self._definitions = definitions
        self._shown = f"`{owner}.{method}()`"

    def analyze(self, ctx: MethodSigContext) -> CallableType:
        """The signature for the workflow at hand; reports what is no workflow."""
        signature, call = ctx.default_signature, ctx.context
        if PARAMETER not in signature.arg_names or not isinstance(call, CallExpr):
            return signature
        position = signature.arg_names.index(PARAMETER)
        declared = get_proper_type(signature.arg_types[position])
        if not isinstance(declared, Instance) or declared.type.fullname != fullnames.WORKFLOW_PROTOCOL:
            return signature
        if len(ctx.args[position]) != 1:
            return signature
        checker = cast("TypeChecker", ctx.api)
        argument = ctx.args[position][0]
        given = get_proper_type(checker.get_expression_type(argument))
        if not isinstance(given, FunctionLike) or given.is_type_obj():
            # The annotations of the runtime say all there is to say.
            return signature
        is_one = is_workflow(given) or self._definitions.may_be_workflow(argument, checker)
        if not is_one and not self._reporter.report(
            ctx.api,
            argument,
            errorcodes.WORKFLOW,
            f"{self._shown} needs a workflow, and {shown(argument)} is not one; name the function that is decorated "
            "with @DBOS.workflow()",
        ):
            return signature
        return with_result(signature, position, _result(given), checker.named_generic_type("builtins.object", []))


def _result(workflow: FunctionLike) -> Type:
    """What a run may give: which overload was called, or with which types, nothing but the run itself knows."""
    anything = AnyType(TypeOfAny.special_form)
    return make_simplified_union([without_variables(item, anything) for item in workflow.items])
