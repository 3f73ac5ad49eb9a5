"""Methods that run without being called by name: operators, items, iteration, text, truth."""

from __future__ import annotations

import ast

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or",
    ast.BitAnd: "and", ast.BitXor: "xor",
}  # fmt: skip
COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "__eq__", ast.NotEq: "__ne__", ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__", ast.GtE: "__ge__",
}  # fmt: skip
UNARY: dict[type[ast.unaryop], str] = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}
OF_BUILTINS = {
    "builtins.len": ("__len__",),
    "builtins.str": ("__str__", "__repr__"),
    "builtins.repr": ("__repr__",),
    "builtins.format": ("__format__", "__str__", "__repr__"),
    "builtins.print": ("__str__", "__repr__"),
    "builtins.bool": ("__bool__", "__len__"),
    "builtins.abs": ("__abs__",),
    "builtins.hash": ("__hash__",),
    "builtins.int": ("__int__",),
    "builtins.float": ("__float__",),
    "builtins.iter": ("__iter__",),
    "builtins.next": ("__next__",),
    "builtins.list": ("__iter__",),
    "builtins.tuple": ("__iter__",),
    "builtins.set": ("__iter__",),
    "builtins.sum": ("__iter__",),
    "builtins.sorted": ("__iter__",),
    "builtins.reversed": ("__reversed__",),
    "builtins.round": ("__round__",),
}
TRUTH = ("__bool__", "__len__")
TEXT = ("__format__", "__str__", "__repr__")
ITERATED = ("__iter__", "__aiter__")
NEXT = ("__next__", "__anext__")
ENTERED = ("__enter__", "__aenter__")
LEFT = ("__exit__", "__aexit__")

Operand = tuple[ast.expr, tuple[str, ...]]
"""An expression, and the special methods of its value of which the first that exists runs."""


def operands(node: ast.AST) -> list[Operand]:  # noqa: PLR0911  # one each
    """Return the operands of an expression whose special methods it runs."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            name = BINARY[type(op)]
            return [(left, (f"__{name}__",)), (right, (f"__r{name}__",))]
        case ast.AugAssign(target=target, op=op):
            name = BINARY[type(op)]
            return [(target, (f"__i{name}__", f"__{name}__"))]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [(operand, TRUTH)]
        case ast.UnaryOp(op=op, operand=operand):
            return [(operand, (UNARY[type(op)],))]
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _compared(left, ops, comparators)
        case ast.Subscript(value=value, ctx=ast.Store()):
            return [(value, ("__setitem__",))]
        case ast.Subscript(value=value, ctx=ast.Del()):
            return [(value, ("__delitem__",))]
        case ast.Subscript(value=value):
            return [(value, ("__getitem__",))]
        case ast.FormattedValue(value=value):
            return [(value, TEXT)]
        case _:
            return []


def _compared(left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr]) -> list[Operand]:
    found: list[Operand] = []
    for op, right in zip(ops, comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            found.append((right, ("__contains__", "__iter__")))
        elif type(op) in COMPARED:
            found.append((left, (COMPARED[type(op)],)))
        left = right
    return found
