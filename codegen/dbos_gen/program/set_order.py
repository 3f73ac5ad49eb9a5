"""Recorded calls that are made in the order of a set."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from dbos_gen.program.program import Program
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import External, FunctionRef
from dbos_gen.syntax.body import Binding, BindingForm, iterated
from dbos_gen.vocabulary.type_expressions import Reference, TypeRef

_KEEPING_ORDER = frozenset(
    {
        *(f"builtins.{name}" for name in ("list", "tuple", "iter", "enumerate", "reversed", "map", "filter", "zip")),
        *(
            f"itertools.{name}"
            for name in ("accumulate", "batched", "chain", "combinations", "compress", "islice", "pairwise",
                         "permutations", "product", "starmap", "zip_longest")
        ),
    }
)  # fmt: skip
_SET = External("builtins.set()")
_POP = External("builtins.set().pop")
_SETS = frozenset(
    {
        *(Reference("builtins", name) for name in ("set", "frozenset")),
        *(Reference("typing", name) for name in ("Set", "FrozenSet", "AbstractSet", "MutableSet")),
        *(Reference("collections.abc", name) for name in ("Set", "MutableSet")),
    }
)
_ALGEBRA = (ast.Sub, ast.BitAnd, ast.BitOr, ast.BitXor)
_VIEWS = ("keys", "items", "values")
_ADDING = ("append", "extend", "insert", "appendleft")
_MAX_DEPTH = 8


def unordered_loops(program: Program, function: Function) -> Iterator[ast.expr]:
    """Yield what is iterated over by loops that make recorded calls in the order of a set."""
    for loop in function.body.loops:
        for node in iterated(loop):
            if is_unordered(program, node, function) and _records(program, loop, function):
                yield node
    for call in function.body.calls:
        yield from _mapped(program, call, function)


def _mapped(program: Program, call: ast.Call, function: Function) -> Iterator[ast.expr]:
    """Yield the sets over which ``map`` and ``filter`` make recorded calls."""
    match call:
        case ast.Call(func=ast.Name(id="map" | "filter"), args=[called, *iterables]):
            target = program.value(called, function)
            records = isinstance(target, FunctionRef) and (
                target.kind.is_recorded or program.makes_recorded_calls(target.function)
            )
            if records and program.callee(call, function) in (External("builtins.map"), External("builtins.filter")):
                yield from (node for node in iterables if is_unordered(program, node, function))
        case _:
            pass


def taken_elements(program: Program, function: Function) -> Iterator[ast.expr]:
    """Yield where a recorded call is given an element of a set by its place in the order."""
    for use in program.calls.of(function).uses:
        if program.is_recorded_use(use) and isinstance(use.node, ast.Call):
            for inner in ast.walk(use.node):
                if isinstance(inner, ast.expr) and _takes_from_set(program, inner, function):
                    yield inner


def _takes_from_set(program: Program, node: ast.expr, function: Function) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="pop"), args=[]):
            return program.callee(node, function) == _POP
        case ast.Call(func=ast.Name(id="next"), args=[ast.Call(func=ast.Name(id="iter"), args=[given])]):
            return is_unordered(program, given, function)
        case ast.Subscript(
            value=ast.Call(func=ast.Name(id="list" | "tuple")) as given,
            slice=ast.Constant() | ast.UnaryOp() | ast.Slice(),
        ):
            return is_unordered(program, given, function)
        case _:
            return False


def is_unordered(program: Program, node: ast.expr, function: Function, depth: int = 0) -> bool:
    """Whether iterating over an expression follows the order of a set."""
    if depth > _MAX_DEPTH:
        return False
    return is_set(program, node, function) or _follows_set(program, node, function, depth)


def is_set(program: Program, node: ast.expr, function: Function) -> bool:
    """Whether an expression is a set itself."""
    return program.value(node, function) == _SET or _is_typed_as_set(program, node, function)


def _follows_set(program: Program, node: ast.expr, function: Function, depth: int) -> bool:
    """Whether an expression that is no set itself has the order of one."""

    def inside(inner: ast.expr) -> bool:
        return is_unordered(program, inner, function, depth + 1)

    match node:
        case ast.Name(id=name):
            return _is_bound_to_unordered(program, name, function, depth)
        case ast.Call():
            return _gives_unordered(program, node, function, depth)
        case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
            return inside(node.generators[0].iter)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return any(isinstance(each, ast.Starred) and inside(each.value) for each in elements)
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _ALGEBRA):
            return _is_keys(left) or _is_keys(right)
        case _:
            return False


def _is_keys(node: ast.expr) -> bool:
    """Whether this is a view of a dict, which operators make a set of."""
    match node:
        case ast.Call(func=ast.Attribute(attr="keys" | "items"), args=[], keywords=[]):
            return True
        case _:
            return False


def _is_bound_to_unordered(program: Program, name: str, function: Function, depth: int) -> bool:
    if any(parameter.arg == name for parameter in function.parameters):
        return False
    bindings = function.body.bindings.get(name, [])
    if len(bindings) != 1:
        return False
    if _is_waited_for(program, name, bindings[0], function):
        return True
    value = bindings[0].value
    if bindings[0].how is not BindingForm.ASSIGNED or value is None:
        return False
    return is_unordered(program, value, function, depth + 1) or _is_collected(program, name, value, function, depth)


def _is_collected(program: Program, name: str, value: ast.expr, function: Function, depth: int) -> bool:
    """Whether an empty list or dict is filled in a loop over a set, and not sorted afterwards."""
    match value:
        case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Call(func=ast.Name(id="list" | "dict" | "deque"), args=[]):
            pass
        case _:
            return False
    calls = [call for call in function.body.calls if _receiver(call) == name]
    if any(isinstance(call.func, ast.Attribute) and call.func.attr == "sort" for call in calls):
        return False
    added: set[int] = {id(call) for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in _ADDING}
    added |= {id(statement) for statement in function.body.changes if _sets_key(statement, name)}
    return bool(added) and any(
        isinstance(loop, ast.For | ast.AsyncFor)
        and any(id(inner) in added for inner in ast.walk(loop))
        and is_unordered(program, loop.iter, function, depth + 1)
        for loop in function.body.loops
    )


def _receiver(call: ast.Call) -> str | None:
    match call.func:
        case ast.Attribute(value=ast.Name(id=name)):
            return name
        case _:
            return None


def _sets_key(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=owner))]):
            return owner == name
        case _:
            return False


def _is_waited_for(program: Program, name: str, binding: Binding, function: Function) -> bool:
    """Whether a name is one of the two sets that ``asyncio.wait`` gives."""
    if binding.how is not BindingForm.OTHER:
        return False
    for statement in function.body.changes:
        match statement:
            case ast.Assign(targets=[ast.Tuple(elts=elements)], value=ast.Await(value=ast.Call() as call)):
                names = [element.id for element in elements if isinstance(element, ast.Name)]
                if name in names and program.callee(call, function) == External("asyncio.wait"):
                    return True
            case _:
                pass
    return False


def _gives_unordered(program: Program, call: ast.Call, function: Function, depth: int) -> bool:
    called = program.callee(call, function)
    match call.func:
        case ast.Attribute(value=owner, attr=attr) if attr in _VIEWS and not call.args:
            return is_unordered(program, owner, function, depth + 1)
        case _:
            pass
    if isinstance(called, External) and called.name in _KEEPING_ORDER:
        return any(
            is_unordered(program, each.value if isinstance(each, ast.Starred) else each, function, depth + 1)
            for each in call.args
        )
    if isinstance(called, FunctionRef) and called.kind is FunctionKind.PLAIN and called.function is not function:
        target = called.function
        return any(is_unordered(program, each, target, depth + 1) for each in target.body.returned)
    return False


def _is_typed_as_set(program: Program, node: ast.expr, function: Function) -> bool:
    """Whether annotations say that an element of a container, or what an attribute holds, is a set."""
    is_element = isinstance(node, ast.Subscript | ast.Call) or (
        isinstance(node, ast.Name)
        and any(
            binding.how in (BindingForm.ITERATED, BindingForm.OTHER)
            for binding in function.body.bindings.get(node.id, [])
        )
    )
    if not is_element or not _is_settled([node], function):
        return False
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Attribute) and node.func.attr == "get"):
        return False
    inferred = program.inference.infer(node, program.scope(function))
    return inferred is not None and _is_set(inferred)


def _is_settled(nodes: Iterable[ast.expr], function: Function, depth: int = 0) -> bool:
    """Whether every name has one value only, so that its type is what was said where it got it."""
    parameters = {parameter.arg for parameter in function.parameters}
    for node in nodes:
        for inner in ast.walk(node):
            if not isinstance(inner, ast.Name):
                continue
            bindings = function.body.bindings.get(inner.id, [])
            if len(bindings) + (inner.id in parameters) > 1 or depth > _MAX_DEPTH:
                return False
            around = [binding.value for binding in bindings if binding.value is not None]
            if around and not _is_settled(around, function, depth + 1):
                return False
    return True


def _is_set(kind: TypeRef) -> bool:
    """Whether a type is a set, or a set or None."""
    parts = kind.parts[:-2] if kind.parts[-2:] == (" | ", "None") else kind.parts
    if not parts or parts[0] not in _SETS:
        return False
    level = 0
    for part in parts[1:]:
        level += (part == "[") - (part == "]")
        if level == 0 and part == " | ":
            return False
    return True


def _records(program: Program, loop: ast.AST, function: Function) -> bool:
    inside = {id(node) for node in ast.walk(loop)}
    doing = program.calls.of(function)
    if any(id(use.node) in inside and program.is_recorded_use(use) for use in doing.uses):
        return True
    return any(id(edge.node) in inside and program.makes_recorded_calls(edge.target) for edge in doing.edges)
