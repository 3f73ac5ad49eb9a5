"""The methods that take a value and the typed key it is stored under."""

from __future__ import annotations

from mypy.plugin import MethodSigContext
from mypy.types import CallableType, Instance, get_proper_type

from dbos_typed_mypy import fullnames
from dbos_typed_mypy.typeops import with_key


def analyze(ctx: MethodSigContext) -> CallableType:
    """The signature with the key's value type, so that `[1, 2]` may be given where `list[float]` is stored."""
    for position, declared in enumerate(ctx.default_signature.arg_types):
        proper = get_proper_type(declared)
        if isinstance(proper, Instance) and proper.type.fullname in fullnames.KEYS and len(ctx.args[position]) == 1:
            key = get_proper_type(ctx.api.get_expression_type(ctx.args[position][0]))
            return (
                with_key(ctx.default_signature, position, key) if isinstance(key, Instance) else ctx.default_signature
            )
    return ctx.default_signature
