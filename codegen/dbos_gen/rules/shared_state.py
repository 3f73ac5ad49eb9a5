"""Module-level variables that the program changes while it runs: what changes them, and what reads them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from dbos_gen.rules.body import Bound
from dbos_gen.rules.evaluation import Evaluator
from dbos_gen.rules.functions import Class, Function
from dbos_gen.rules.remembering import Memory
from dbos_gen.rules.values import ClassRef, External, InstanceRef, ProjectModule, Value
from dbos_gen.scan.source import Project, Source

_CHANGING = frozenset(
    {
        "append", "appendleft", "extend", "extendleft", "insert", "remove", "pop", "popleft", "popitem", "clear", "add",
        "discard", "update", "setdefault", "sort", "reverse", "subtract", "rotate", "intersection_update",
        "difference_update", "symmetric_difference_update",
    }
)  # fmt: skip
_CONTAINERS = frozenset(
    {
        "builtins.list()", "builtins.dict()", "builtins.set()", "collections.defaultdict()", "collections.deque()",
        "collections.Counter()", "collections.OrderedDict()", "builtins.bytearray()",
    }
)  # fmt: skip
_ITERATORS = frozenset({"itertools.count()", "itertools.cycle()", "builtins.iter()"})


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a module, or ``Class.attribute`` of one of its classes."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A place where a function changes a variable; ``rebinds`` when it puts another object in its place."""

    function: Function
    node: ast.expr | ast.stmt
    shown: str
    variable: Variable | None
    rebinds: bool


class SharedState:
    """Answers which functions change which variables of modules."""

    def __init__(self, project: Project, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._changed: Memory[str, dict[Variable, Change]] = Memory(project)

    def changes(self, function: Function) -> Iterator[Change]:
        """Yield where a function changes what is shared."""
        body = function.body
        if body.global_names:
            yield from self._rebound(function)
        for statement in body.changes:
            for target in _targets(statement):
                change = self._changed_by_target(target, statement, function)
                if change is not None:
                    yield change
        for call in body.calls:
            change = self._changed_by_call(call, function)
            if change is not None:
                yield change

    def reads(self, function: Function) -> Iterator[tuple[ast.expr, Change]]:
        """Yield where a function reads a variable that the program changes, with one of the changes."""
        body = function.body
        for name in body.names:
            found = self.variable(name, function)
            if found is not None:
                change = self.changed(found[0])
                # A name that was imported keeps the object that it had then.
                if change is not None and (found[1] or not change.rebinds):
                    yield name, change
        for attribute in body.attributes:
            if isinstance(attribute.ctx, ast.Load) and isinstance(attribute.value, ast.Name | ast.Attribute):
                owner = self._evaluator.evaluate(attribute.value, function)
                variable: Variable | None = None
                if isinstance(owner, ProjectModule):
                    variable = Variable(owner.source.name, attribute.attr)
                elif isinstance(owner, ClassRef):
                    variable = _of_class(owner.cls, attribute.attr)
                change = None if variable is None else self.changed(variable)
                if change is not None:
                    yield attribute, change

    def changed(self, variable: Variable) -> Change | None:
        """Return a place where the module of a variable changes it while the program runs."""
        changed = self._changed.get(variable.module, lambda: self._changed_in(variable.module), dict[Variable, Change])
        return changed.get(variable)

    def _changed_in(self, module: str) -> dict[Variable, Change]:
        unit = self._evaluator.unit(module)
        found: dict[Variable, Change] = {}
        if unit is None or not unit.module.body.bindings:
            return found
        for function in unit.functions:
            for change in self.changes(function):
                if change.variable is not None and change.variable.module == module and not _runs_at_import(function):
                    found.setdefault(change.variable, change)
        return found

    def variable(self, node: ast.expr, function: Function) -> tuple[Variable, bool] | None:
        """Return the variable that a name stands for, and whether the name sees it being rebound."""
        if isinstance(node, ast.Attribute):
            owner = self._evaluator.evaluate(node.value, function)
            return (Variable(owner.source.name, node.attr), True) if isinstance(owner, ProjectModule) else None
        if not isinstance(node, ast.Name) or not self._evaluator.is_global(node.id, function):
            return None
        bindings = function.unit.module.body.bindings.get(node.id, [])
        if bindings and all(binding.how in (Bound.ASSIGNED, Bound.OTHER) for binding in bindings):
            return Variable(function.source.name, node.id), True
        for binding in bindings:
            if isinstance(binding.node, ast.ImportFrom):
                found = self._imported(binding.node, node.id, function.source)
                if found is not None:
                    return found, False
        return None

    def _imported(self, node: ast.ImportFrom, name: str, source: Source) -> Variable | None:
        for imported in node.names:
            if (imported.asname or imported.name) == name:
                origin = self._evaluator.unit(self._evaluator.origin(node, source))
                if origin is not None and imported.name in origin.module.body.bindings:
                    return Variable(origin.source.name, imported.name)
        return None

    # --- changes ------------------------------------------------------------------------------------------------------

    def _rebound(self, function: Function) -> Iterator[Change]:
        for statement in _statements(function):
            for target in _targets(statement):
                if not isinstance(target, ast.Name) or target.id not in function.body.global_names:
                    continue
                if not _is_guarded(target.id, function):
                    variable = Variable(function.source.name, target.id)
                    yield Change(function, statement, target.id, variable, rebinds=True)

    def _changed_by_target(self, target: ast.expr, statement: ast.stmt, function: Function) -> Change | None:
        if isinstance(target, ast.Subscript):
            return self._container(target.value, statement, function)
        if isinstance(target, ast.Attribute):
            owner = self._evaluator.evaluate(target.value, function)
            if isinstance(statement, ast.Assign) and _is_guarded(target.attr, function):
                return None
            if isinstance(owner, ClassRef):
                shown = f"{owner.cls.node.name}.{target.attr}"
                return Change(function, statement, shown, _of_class(owner.cls, target.attr), rebinds=True)
            if isinstance(owner, ProjectModule):
                variable = Variable(owner.source.name, target.attr)
                return Change(function, statement, ast.unparse(target), variable, rebinds=True)
            if isinstance(owner, InstanceRef):
                found = self.variable(target.value, function)
                if found is not None:
                    return Change(function, statement, ast.unparse(target.value), found[0], rebinds=False)
        if isinstance(target, ast.Name) and isinstance(statement, ast.AugAssign):
            # `SEEN |= {x}` without `global` is an error of its own.
            return None
        return None

    def _changed_by_call(self, call: ast.Call, function: Function) -> Change | None:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGING:
            return self._container(call.func.value, call, function)
        if isinstance(call.func, ast.Name) and call.func.id == "next" and call.args:
            found = self.variable(call.args[0], function)
            if found is not None and _is_one_of(self._evaluator.evaluate(call.args[0], function), _ITERATORS):
                return Change(function, call, ast.unparse(call.args[0]), found[0], rebinds=False)
        return None

    def _container(self, node: ast.expr, place: ast.expr | ast.stmt, function: Function) -> Change | None:
        if isinstance(node, ast.Subscript):
            return self._container(node.value, place, function)
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        found = self.variable(node, function)
        variable = None if found is None else found[0]
        if variable is None and isinstance(node, ast.Attribute):
            owner = self._evaluator.evaluate(node.value, function)
            variable = _of_class(owner.cls, node.attr) if isinstance(owner, ClassRef) else None
        if variable is None or not _is_one_of(self._evaluator.evaluate(node, function), _CONTAINERS):
            return None
        return Change(function, place, ast.unparse(node), variable, rebinds=False)


def _of_class(cls: Class, attr: str) -> Variable:
    return Variable(cls.source.name, f"{cls.path}.{attr}")


def _is_one_of(value: Value | None, names: frozenset[str]) -> bool:
    return isinstance(value, External) and value.name in names


def _statements(function: Function) -> Iterator[ast.stmt]:
    pending: list[ast.AST] = [] if isinstance(function.node, ast.Lambda) else list(function.node.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.stmt):
            yield node
        pending.extend(
            child
            for child in ast.iter_child_nodes(node)
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        )


def _targets(statement: ast.stmt) -> list[ast.expr]:
    match statement:
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            return [
                inner
                for target in targets
                for inner in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])
            ]
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return [target]
        case _:
            return []


def _is_guarded(name: str, function: Function) -> bool:
    """Whether a function gives the variable or attribute its value once, when it has none yet."""
    for test in function.body.tested:
        match test:
            case ast.Compare(left=tested, ops=[ast.Is() | ast.IsNot() | ast.Eq()]) if _last_name(tested) == name:
                return True
            case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Name(id="hasattr"), args=[_, attribute])):
                if isinstance(attribute, ast.Constant) and attribute.value == name:
                    return True
            case ast.UnaryOp(op=ast.Not(), operand=tested) if _last_name(tested) == name:
                return True
            case _:
                pass
    return False


def _last_name(node: ast.expr) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def _runs_at_import(function: Function) -> bool:
    """Whether a function only serves to register what is defined: a decorator, or one that makes decorators."""
    top = function
    while top.outer is not None and not top.outer.is_module:
        top = top.outer
    # Who calls `register_handler` does so while modules are imported, though from other modules.
    if function.name == "__init_subclass__" or function.name.lstrip("_").startswith("register"):
        return True
    parameters = {parameter.arg for parameter in top.parameters}
    for returned in top.body.returned:
        if isinstance(returned, ast.Name) and (returned.id in top.nested or returned.id in parameters):
            return True
    return _is_called_at_import_only(top)


def _is_called_at_import_only(top: Function) -> bool:
    if top.owner is not None:
        return False
    unit = top.unit
    at_import = any(isinstance(call.func, ast.Name) and call.func.id == top.name for call in unit.module.body.calls)
    inside = any(name.id == top.name for other in unit.functions if other is not top for name in other.body.names)
    return at_import and not inside
