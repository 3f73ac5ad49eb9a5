"""Surgery on the types of workflows and of the methods that take them."""

from __future__ import annotations

from typing import Any, cast

from mypy.expandtype import expand_type, freshen_function_type_vars
from mypy.maptype import map_instance_to_supertype
from mypy.nodes import ARG_POS, ARG_STAR, ARG_STAR2, TypeInfo
from mypy.types import (
    AnyType,
    CallableType,
    FunctionLike,
    Instance,
    Overloaded,
    Parameters,
    ProperType,
    Type,
    TypeOfAny,
    TypeVarId,
    TypeVarType,
    get_proper_type,
)

from dbos_typed_mypy import fullnames


def replaced(function: CallableType, **changes: object) -> CallableType:
    """A copy of the function type with some attributes changed."""
    # The parameters of copy_modified have no annotations that other type checkers could read.
    copy = cast("Any", function).copy_modified(**changes)
    return cast("CallableType", copy)


def branded(function: FunctionLike, workflow_function: TypeInfo) -> FunctionLike:
    """The same function type, marked as a workflow.

    Its fallback is `WorkflowFunction[..., Any]`, so it has the attributes of a workflow and matches `Workflow`, while
    calls are checked against the function's own signature, generic or overloaded.
    """
    anything = AnyType(TypeOfAny.explicit)
    parameters = Parameters([anything, anything], [ARG_STAR, ARG_STAR2], [None, None], is_ellipsis_args=True)
    fallback = Instance(workflow_function, [parameters, anything])
    items = [replaced(item, fallback=fallback) for item in function.items]
    return items[0] if len(items) == 1 else Overloaded(items)


def is_branded(type_: ProperType) -> bool:
    """Whether the type is a function marked by `branded`."""
    return isinstance(type_, FunctionLike) and type_.fallback.type.has_base(fullnames.WORKFLOW_FUNCTION)


def is_workflow(type_: ProperType) -> bool:
    """Whether the type is a workflow as the runtime's annotations or this plugin express it."""
    if isinstance(type_, Instance):
        return type_.type.has_base(fullnames.WORKFLOW_FUNCTION) or type_.type.has_base(fullnames.WORKFLOW_PROTOCOL)
    return is_branded(type_)


def coroutine_result(type_: Type) -> Type | None:
    """What awaiting a value of this type gives; None when it is not a coroutine."""
    proper = get_proper_type(type_)
    if isinstance(proper, AnyType):
        return proper
    if not isinstance(proper, Instance):
        return None
    coroutine = next((base for base in proper.type.mro if base.fullname == fullnames.COROUTINE), None)
    return None if coroutine is None else map_instance_to_supertype(proper, coroutine).args[2]


def is_starter(signature: CallableType) -> bool:
    """Whether the signature is `(workflow: Workflow[P, R], *args: P.args, **kwargs: P.kwargs)`."""
    if signature.arg_kinds != [ARG_POS, ARG_STAR, ARG_STAR2] or signature.param_spec() is None:
        return False
    declared = get_proper_type(signature.arg_types[0])
    return isinstance(declared, Instance) and declared.type.fullname == fullnames.WORKFLOW_PROTOCOL


def with_workflow(signature: CallableType, workflow: CallableType, anything: Instance) -> CallableType:
    """The signature of a starter for one workflow: its parameters in place of P, its result in place of R.

    `anything` becomes the type of the workflow parameter, which is known to fit.
    """
    workflow = freshen_function_type_vars(workflow)
    return replaced(
        signature,
        arg_types=[anything, *workflow.arg_types],
        arg_kinds=[ARG_POS, *workflow.arg_kinds],
        # Positional only, as a parameter of the workflow may have the same name.
        arg_names=[None, *workflow.arg_names],
        ret_type=expand_type(signature.ret_type, _solved_result(signature.arg_types[0], workflow.ret_type)),
        variables=workflow.variables,
    )


def with_result(signature: CallableType, position: int, result: Type, anything: Instance) -> CallableType:
    """The signature of a method that takes a workflow at `position`, for one that gives `result`.

    `anything` becomes the type of that parameter, which is known to fit.
    """
    solved = _solved_result(signature.arg_types[position], result)
    return replaced(
        signature,
        arg_types=[anything if at == position else type_ for at, type_ in enumerate(signature.arg_types)],
        ret_type=expand_type(signature.ret_type, solved),
        variables=[variable for variable in signature.variables if variable.id not in solved],
    )


def without_variables(function: CallableType, anything: AnyType) -> Type:
    """The result of a function with `anything` in place of its own type variables."""
    return expand_type(function.ret_type, {variable.id: anything for variable in function.variables})


def with_key(signature: CallableType, position: int, key: Instance) -> CallableType:
    """The signature with the value type of `key` in place of the variable of the key parameter at `position`."""
    declared = get_proper_type(signature.arg_types[position])
    if not isinstance(declared, Instance) or not declared.args:
        return signature
    variable = get_proper_type(declared.args[0])
    owner = next((base for base in key.type.mro if base.fullname == declared.type.fullname), None)
    if owner is None or not isinstance(variable, TypeVarType):
        return signature
    value = map_instance_to_supertype(key, owner).args[0]
    expanded = get_proper_type(expand_type(signature, {variable.id: value}))
    if not isinstance(expanded, CallableType):
        return signature
    return replaced(expanded, variables=[other for other in signature.variables if other.id != variable.id])


def _solved_result(declared: Type, result: Type) -> dict[TypeVarId, Type]:
    protocol = get_proper_type(declared)
    template = get_proper_type(protocol.args[-1]) if isinstance(protocol, Instance) else None
    if isinstance(template, TypeVarType):
        return {template.id: result}
    if isinstance(template, Instance) and template.type.fullname == fullnames.COROUTINE:
        variable = get_proper_type(template.args[2])
        if isinstance(variable, TypeVarType):
            # A starter's overload for coroutine workflows answers for others as its twin does: a branded function
            # would match it otherwise, through its fallback, and give Any.
            return {variable.id: coroutine_result(result) or result}
    return {}
