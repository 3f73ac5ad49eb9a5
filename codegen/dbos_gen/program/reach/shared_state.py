"""Module-level variables that the program changes while it runs: what changes them, and what reads them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dbos_gen.program.reach.startup import Startup, is_repeated
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Class, Function
from dbos_gen.python.values.memoization import fills_once, is_guarded, statements
from dbos_gen.python.values.values import ClassRef, External, InstanceRef, ProjectModule, Value
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.body import BindingForm

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
_CLOSING = ("close", "aclose", "shutdown", "shut_down", "teardown", "tear_down", "dispose")
_ITERATORS = frozenset({"itertools.count()", "itertools.cycle()", "builtins.iter()"})


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a module, or ``Class.attribute`` of one of its classes."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class VariableChange:
    """A place where a function changes a variable; ``rebinds`` when it puts another object in its place.

    ``is_memo`` where it gives an item its value once.
    """

    function: Function
    node: ast.expr | ast.stmt
    shown: str
    variable: Variable | None
    rebinds: bool
    is_memo: bool = False


class SharedState:
    """Answers which functions change which variables of modules."""

    def __init__(
        self, project: Project, evaluator: Evaluator, startup: Startup, records: Callable[[Function], bool]
    ) -> None:
        self._evaluator = evaluator
        self._startup = startup
        self._records = records
        self._changed: Memory[str, dict[Variable, VariableChange]] = Memory(project)

    def changes(self, function: Function) -> Iterator[VariableChange]:
        """Yield where a function changes what is shared, in a way that others notice."""
        for change in self._changes(function):
            if not change.is_memo or change.variable is None or not self._is_only_memo(change.variable):
                yield change

    def _changes(self, function: Function) -> Iterator[VariableChange]:
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

    def reads(self, function: Function) -> Iterator[tuple[ast.expr, VariableChange]]:
        """Yield where a function reads a variable that the program changes, with one of the changes."""
        body = function.body
        for name in body.names:
            found = self.variable(name, function)
            if found is not None:
                change = self._change_for(found[0], function)
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
                change = None if variable is None else self._change_for(variable, function)
                if change is not None:
                    yield attribute, change

    def changed(self, variable: Variable) -> VariableChange | None:
        """Return a place where the module of a variable changes it while the program runs."""
        changed = self._changed.get(
            variable.module, lambda: self._changed_in(variable.module), dict[Variable, VariableChange]
        )
        return changed.get(variable)

    def _changed_in(self, module: str) -> dict[Variable, VariableChange]:
        unit = self._evaluator.unit(module)
        found: dict[Variable, VariableChange] = {}
        if unit is None or not unit.module.body.bindings:
            return found
        for function in unit.functions:
            for change in self._changes(function):
                variable = change.variable
                if variable is None or variable.module != module or self._is_out_of_sight(change):
                    continue
                # What fills once matters less than what changes.
                if variable not in found or (found[variable].is_memo and not change.is_memo):
                    found[variable] = change
        return found

    def _is_out_of_sight(self, change: VariableChange) -> bool:
        """Whether a change is done before workflows begin, or after they end."""
        function = change.function
        if self._evaluator.kind(function).is_recorded:
            return False
        if _runs_at_import(function) or _drops(change):
            return True
        return not is_repeated(change.node, function, rebinds=change.rebinds) and self._startup.runs_once(function)

    def _is_only_memo(self, variable: Variable) -> bool:
        change = self.changed(variable)
        return change is None or change.is_memo

    def _change_for(self, variable: Variable, function: Function) -> VariableChange | None:
        """Return a change that a function which reads a variable may notice."""
        change = self.changed(variable)
        if change is not None and change.is_memo:
            is_own = any(each.is_memo and each.variable == variable for each in self._changes(function))
            return None if is_own else change
        return change

    def variable(self, node: ast.expr, function: Function) -> tuple[Variable, bool] | None:
        """Return the variable that a name stands for, and whether the name sees it being rebound."""
        if isinstance(node, ast.Attribute):
            owner = self._evaluator.evaluate(node.value, function)
            return (Variable(owner.source.name, node.attr), True) if isinstance(owner, ProjectModule) else None
        if not isinstance(node, ast.Name) or not self._evaluator.is_global(node.id, function):
            return None
        bindings = function.unit.module.body.bindings.get(node.id, [])
        if bindings and all(binding.how in (BindingForm.ASSIGNED, BindingForm.OTHER) for binding in bindings):
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

    def _rebound(self, function: Function) -> Iterator[VariableChange]:
        for statement in statements(function):
            for target in _targets(statement):
                if not isinstance(target, ast.Name) or target.id not in function.body.global_names:
                    continue
                if not is_guarded(target.id, function):
                    variable = Variable(function.source.name, target.id)
                    yield VariableChange(function, statement, target.id, variable, rebinds=True)

    def _changed_by_target(self, target: ast.expr, statement: ast.stmt, function: Function) -> VariableChange | None:
        if isinstance(target, ast.Subscript):
            return self._container(target.value, statement, function)
        if isinstance(target, ast.Attribute):
            owner = self._evaluator.evaluate(target.value, function)
            if isinstance(statement, ast.Assign) and is_guarded(target.attr, function):
                return None
            if isinstance(owner, ClassRef):
                shown = f"{owner.cls.node.name}.{target.attr}"
                return VariableChange(function, statement, shown, _of_class(owner.cls, target.attr), rebinds=True)
            if isinstance(owner, ProjectModule):
                variable = Variable(owner.source.name, target.attr)
                return VariableChange(function, statement, ast.unparse(target), variable, rebinds=True)
            if isinstance(owner, InstanceRef):
                found = self.variable(target.value, function)
                if found is not None:
                    return VariableChange(function, statement, ast.unparse(target.value), found[0], rebinds=False)
        if isinstance(target, ast.Name) and isinstance(statement, ast.AugAssign):
            # `SEEN |= {x}` without `global` is an error of its own.
            return None
        return None

    def _changed_by_call(self, call: ast.Call, function: Function) -> VariableChange | None:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGING:
            return self._container(call.func.value, call, function)
        if isinstance(call.func, ast.Name) and call.func.id == "next" and call.args:
            found = self.variable(call.args[0], function)
            if found is not None and _is_one_of(self._evaluator.evaluate(call.args[0], function), _ITERATORS):
                return VariableChange(function, call, ast.unparse(call.args[0]), found[0], rebinds=False)
        return None

    def _container(self, node: ast.expr, place: ast.expr | ast.stmt, function: Function) -> VariableChange | None:
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
        is_memo = self._is_memo(place, node, function)
        return VariableChange(function, place, ast.unparse(node), variable, rebinds=False, is_memo=is_memo)

    def _is_memo(self, place: ast.expr | ast.stmt, container: ast.expr, function: Function) -> bool:
        """Whether this gives an item the value that it has from then on: ``if key not in made: made[key] = make()``."""
        match place:
            case ast.Assign() | ast.AnnAssign() | ast.Call(func=ast.Attribute(attr="setdefault")):
                return fills_once(container, function) and not self._records(function)
            case _:
                return False


def _of_class(cls: Class, attr: str) -> Variable:
    return Variable(cls.source.name, f"{cls.path}.{attr}")


def _is_one_of(value: Value | None, names: frozenset[str]) -> bool:
    return isinstance(value, External) and value.name in names


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


def _drops(change: VariableChange) -> bool:
    """Whether a function that closes something drops it."""
    if not change.function.name.lstrip("_").startswith(_CLOSING):
        return False
    match change.node:
        case ast.Assign(value=ast.Constant(value=None)) | ast.Delete():
            return True
        case ast.Call(func=ast.Attribute(attr="clear" | "pop" | "popitem")):
            return True
        case _:
            return False


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
