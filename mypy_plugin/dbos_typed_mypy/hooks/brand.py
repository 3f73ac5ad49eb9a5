"""Keeps generic and overloaded workflows as they are: a class cannot hold their type variables or their overloads."""

from __future__ import annotations

from mypy.plugin import MethodContext
from mypy.types import CallableType, FunctionLike, Instance, Overloaded, Type, get_proper_type

from dbos_typed_mypy import fullnames
from dbos_typed_mypy.typeops import branded


def analyze(ctx: MethodContext) -> Type:
    """The type of a function decorated with `@DBOS.workflow()`."""
    result = get_proper_type(ctx.default_return_type)
    if not isinstance(result, Instance) or result.type.fullname != fullnames.WORKFLOW_FUNCTION:
        return ctx.default_return_type
    if len(ctx.arg_types) != 1 or len(ctx.arg_types[0]) != 1:
        return ctx.default_return_type
    function = get_proper_type(ctx.arg_types[0][0])
    if isinstance(function, FunctionLike) and _exceeds_a_class(function):
        return branded(function, result.type)
    return ctx.default_return_type


def _exceeds_a_class(function: FunctionLike) -> bool:
    return isinstance(function, Overloaded) or (isinstance(function, CallableType) and bool(function.variables))
