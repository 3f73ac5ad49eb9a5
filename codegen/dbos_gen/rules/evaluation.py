"""From expressions to values: names through scopes, imports and re-exports, calls through what they give."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from dbos_gen.rules import external
from dbos_gen.rules.body import Binding, Bound
from dbos_gen.rules.declared import Declared
from dbos_gen.rules.functions import Class, Function, Kind, Unit
from dbos_gen.rules.members import Members, decorator_names
from dbos_gen.rules.remembering import Memory
from dbos_gen.rules.values import (
    ClassRef,
    Coroutine,
    External,
    FunctionRef,
    InstanceRef,
    Partial,
    ProjectModule,
    Runtime,
    Value,
    agreed,
)
from dbos_gen.scan.bindings import FunctionNode, import_origin
from dbos_gen.scan.source import Project, Source
from dbos_gen.vocabulary import RUNTIMES

_CONTEXT_MANAGERS = frozenset({"contextmanager", "asynccontextmanager"})
_MAX_DEPTH = 24
# Questions lead to others that begin anew (what a decorator makes of a function): all of them together.
_MAX_NESTING = 80
_MAX_DECORATORS = 2
_BUILTINS = frozenset(dir(builtins))
_KINDS = {"DBOS.workflow": Kind.WORKFLOW, "DBOS.step": Kind.STEP, "DBOS.transaction": Kind.TRANSACTION}


_DISPLAYS: dict[type[ast.expr], External] = {
    **dict.fromkeys((ast.Set, ast.SetComp), External("builtins.set()")),
    **dict.fromkeys((ast.List, ast.ListComp), External("builtins.list()")),
    **dict.fromkeys((ast.Dict, ast.DictComp), External("builtins.dict()")),
    ast.JoinedStr: External("builtins.str()"),
}


class Evaluator:
    """Finds out what expressions stand for; None means that the source does not say."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._nesting = 0
        self._units: dict[str, Unit | None] = {}
        self._names: Memory[tuple[object, str], Value | None] = Memory(project)
        self._kinds: Memory[Function, Kind] = Memory(project)
        self._declared = Declared(self)
        self.members = Members(project, self)

    # --- modules ------------------------------------------------------------------------------------------------------

    def unit(self, module: str) -> Unit | None:
        """Return a module of the project, None for the runtime's and for what is not in the project."""
        if module.partition(".")[0] in RUNTIMES:
            return None
        source = self._project.load(module)
        if module not in self._units or (source is not None and self._units[module] is None):
            self._units[module] = None if source is None else Unit(source)
        return self._units[module]

    def unit_of(self, source: Source) -> Unit:
        """Return the unit of a source of the project."""
        unit = self._units.get(source.name)
        if unit is None or unit.source is not source:
            unit = self._units[source.name] = Unit(source)
        return unit

    def module(self, name: str) -> Value:
        """Return what a module's name stands for."""
        head = name.partition(".")[0]
        if head in RUNTIMES:
            return Runtime("")
        unit = self.unit(name)
        return External(name) if unit is None else ProjectModule(unit.source)

    # --- expressions --------------------------------------------------------------------------------------------------

    def evaluate(self, node: ast.expr, function: Function, depth: int = 0) -> Value | None:
        """Return what an expression in a function's body stands for."""
        if depth > _MAX_DEPTH or self._nesting > _MAX_NESTING:
            return None
        self._nesting += 1
        try:
            return self._evaluate(node, function, depth + 1)
        finally:
            self._nesting -= 1

    def _evaluate(self, node: ast.expr, function: Function, depth: int) -> Value | None:  # noqa: C901, PLR0911, PLR0912  # one each
        made = _DISPLAYS.get(type(node))
        if made is not None:
            return made
        match node:
            case ast.Name(id=name):
                return self.name(name, function, depth)
            case ast.Attribute(value=value, attr=attr):
                owner = self.evaluate(value, function, depth)
                return None if owner is None else self.members.attribute(owner, attr, depth)
            case ast.Call():
                return self._call(node, function, depth)
            case ast.Await(value=value):
                given = self.evaluate(value, function, depth)
                if isinstance(given, External):
                    return given if given.name.endswith(external.AWAITED) else None
                return given.result if isinstance(given, Coroutine) else None
            case ast.Subscript(value=value):
                return self._subscript(value, function, depth)
            case ast.NamedExpr(value=value):
                return self.evaluate(value, function, depth)
            case ast.IfExp(body=body, orelse=orelse):
                return agreed([self.evaluate(body, function, depth), self.evaluate(orelse, function, depth)])
            case ast.BoolOp(values=values):
                found = [self.evaluate(value, function, depth) for value in values]
                return agreed([value for value in found if value is not None])
            case ast.BinOp(left=left, right=right):
                return self._operator(left, right, function, depth)
            case ast.Lambda():
                inner = function.unit.function(node, owner=None, outer=function)
                return FunctionRef(inner, Kind.PLAIN)
            case ast.Constant(value=str()):
                return External("builtins.str()")
            case _:
                return None

    def _operator(self, left: ast.expr, right: ast.expr, function: Function, depth: int) -> Value | None:
        first = self.evaluate(left, function, depth)
        if isinstance(first, External) and first.name in external.CLOSED_UNDER_OPERATORS:
            return first
        second = self.evaluate(right, function, depth)
        if isinstance(second, External) and second.name in external.CLOSED_UNDER_OPERATORS and first is None:
            return second if second.name in external.PATHS else None
        return None

    def _subscript(self, value: ast.expr, function: Function, depth: int) -> Value | None:
        """Return the generic class of ``Generic[X]``; the items of values are not known."""
        found = self.evaluate(value, function, depth)
        if isinstance(found, ClassRef) or (isinstance(found, External) and found.name in external.SUBSCRIPTED):
            return found
        return found if isinstance(found, Runtime) and not found.name.endswith("()") else None

    # --- calls --------------------------------------------------------------------------------------------------------

    def _call(self, node: ast.Call, function: Function, depth: int) -> Value | None:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            return self._super(function)
        called = self.evaluate(node.func, function, depth)
        return None if called is None else self.result(called, node, function, depth)

    def _super(self, function: Function) -> Value | None:
        place: Function | None = function
        while place is not None and place.owner is None:
            place = place.outer
        return None if place is None or place.owner is None else InstanceRef(place.owner, after=place.owner)

    def result(self, called: Value, node: ast.Call, function: Function, depth: int = 0) -> Value | None:
        """Return what calling a value gives; a Coroutine where it is to be awaited first."""
        match called:
            case ClassRef(cls):
                return InstanceRef(cls)
            case External(name):
                return self._external_result(name, node, function, depth)
            case Runtime(name):
                return self._runtime_result(name, node, function, depth)
            case FunctionRef():
                return self.function_result(called, depth)
            case Partial(target):
                return self.result(target, node, function, depth)
            case _:
                return None

    def _external_result(self, name: str, node: ast.Call, function: Function, depth: int) -> Value | None:
        if name == "functools.partial" and node.args:
            target = self.evaluate(node.args[0], function, depth)
            return None if target is None else Partial(target)
        if name in ("typing.cast", "typing_extensions.cast") and node.args:
            return self.annotated(node.args[0], function, depth)
        if name in external.SAME_FUNCTION and node.args:
            return self.evaluate(node.args[0], function, depth)
        if name in external.SEEDED and (node.args or node.keywords):
            return External(f"{name}(seed)")
        return External(external.normal(f"{name}()"))

    def _runtime_result(self, name: str, node: ast.Call, function: Function, depth: int) -> Value | None:
        kind = _KINDS.get(name.removesuffix("()"))
        if kind is not None:
            # `DBOS.step()` is the decorator, `DBOS.step()(function)` the step.
            if not name.endswith("()"):
                return Runtime(f"{name}()")
            target = self.evaluate(node.args[0], function, depth) if node.args else None
            return FunctionRef(target.function, kind, target.is_bound) if isinstance(target, FunctionRef) else None
        made = external.RUNTIME_RESULTS.get(name)
        if made is not None:
            is_coroutine, result = made
            value = None if result is None else Runtime(result)
            return Coroutine(Runtime(name), value) if is_coroutine else value
        if name.rpartition(".")[2].endswith("_async"):
            return Coroutine(Runtime(name), None)
        last = name.rpartition(".")[2]
        return Runtime(f"{name}()") if last[:1].isupper() and not name.endswith("()") else None

    def function_result(self, called: FunctionRef, depth: int) -> Value | None:
        node = called.function.node
        if isinstance(node, ast.Module):
            return None
        result: Value | None = None
        if isinstance(node, FunctionNode) and node.returns is not None:
            result = self.annotated(node.returns, called.function, depth, owner=called.function.owner)
        elif len(called.function.body.returned) == 1 and not called.function.is_generator:
            result = self.evaluate(called.function.body.returned[0], called.function, depth)
        if called.function.is_async and not called.function.is_generator:
            return Coroutine(called, result)
        if called.function.is_generator:
            return None
        return result

    # --- names --------------------------------------------------------------------------------------------------------

    def name(self, name: str, function: Function, depth: int = 0) -> Value | None:
        """Return what a name stands for in a function's body."""
        scope = function
        while scope.outer is not None:
            if name in scope.own_names:
                return self._local(scope, name, depth)
            if name in scope.body.global_names:
                break
            scope = scope.outer
        found = self.global_name(function.source, name, depth)
        if found is None and name in _BUILTINS and name not in function.unit.module.body.bindings:
            return External(f"builtins.{name}")
        return found

    def is_global(self, name: str, function: Function) -> bool:
        """Whether a name in a function's body is the module's own."""
        scope = function
        while scope.outer is not None:
            if name in scope.body.global_names:
                return True
            if name in scope.own_names:
                return False
            scope = scope.outer
        return True

    def _local(self, scope: Function, name: str, depth: int) -> Value | None:
        return self._names.get(
            (scope, name), lambda: self._bound(scope, name, depth), lambda: self._definition(scope, name, depth)
        )

    def global_name(self, source: Source, name: str, depth: int = 0) -> Value | None:
        """Return what a name of a module stands for, through star imports."""
        return self._names.get(
            (source.name, name),
            lambda: self._module_name(source, name, depth),
            lambda: self._definition(self.unit_of(source).module, name, depth),
        )

    def _module_name(self, source: Source, name: str, depth: int) -> Value | None:
        if depth > _MAX_DEPTH:
            return None
        unit = self.unit_of(source)
        if name in unit.module.body.bindings:
            return self._bound(unit.module, name, depth)
        for star in reversed(source.bindings.stars):
            if star.partition(".")[0] in RUNTIMES:
                if name in external.RUNTIME_NAMES:
                    return Runtime(name)
                continue
            origin = self.unit(star)
            if origin is not None and origin.source is not source and not name.startswith("_"):
                found = self.global_name(origin.source, name, depth + 1)
                if found is not None:
                    return found
        return None

    def _bound(self, scope: Function, name: str, depth: int) -> Value | None:
        bindings = scope.body.bindings.get(name, [])
        parameter = next((argument for argument in scope.parameters if argument.arg == name), None)
        if depth > _MAX_DEPTH:
            return None
        values: list[Value | None] = []
        if parameter is not None:
            values.append(self._parameter(scope, parameter, depth))
        definition = _last_definition(bindings)
        if definition is not None and parameter is None:
            return self._defined(scope, name, bindings, definition, depth)
        values.extend(self.binding(scope, name, binding, depth) for binding in bindings if not _is_none(binding.value))
        if not values and scope.is_module and bindings:
            values.extend(
                self.binding(function, name, binding, depth)
                for function, binding in scope.unit.rebound.get(name, [])
                if not _is_none(binding.value)
            )
        return agreed(values)

    def _definition(self, scope: Function, name: str, depth: int) -> Value | None:
        """Return what a name stands for to the right of `fetch = DBOS.step()(fetch)`: the function."""
        definition = _last_definition(scope.body.bindings.get(name, []))
        if definition is None or definition.how is not Bound.DEFINED:
            return None
        return self.binding(scope, name, definition, depth)

    def _defined(
        self, scope: Function, name: str, bindings: list[Binding], definition: Binding, depth: int
    ) -> Value | None:
        """Return what a name that is imported or defined, and perhaps assigned as well, stands for."""
        others = [b for b in bindings if b.how not in (Bound.DEFINED, Bound.IMPORTED) and not _is_none(b.value)]
        imports = [b for b in bindings if b.how is Bound.IMPORTED]
        first = imports[0] if imports else definition
        value = self.binding(scope, name, first, depth)
        if not others:
            return value
        assigned = agreed([self.binding(scope, name, binding, depth) for binding in others])
        if isinstance(assigned, FunctionRef) and isinstance(value, FunctionRef):
            return assigned
        return value if imports else None

    def binding(self, scope: Function, name: str, binding: Binding, depth: int) -> Value | None:
        match binding:
            case Binding(how=Bound.IMPORTED, node=ast.Import() | ast.ImportFrom() as node):
                return self._imported(scope.source, node, name, depth)
            case Binding(how=Bound.DEFINED, node=ast.ClassDef() as node):
                found = scope.classes.get(node.name)
                return None if found is None else ClassRef(found)
            case Binding(how=Bound.DEFINED):
                functions = scope.nested.get(name)
                return None if not functions else FunctionRef(functions[-1], self.kind(functions[-1]))
            case Binding(how=Bound.ASSIGNED, annotation=annotation, value=value):
                assigned = None if value is None else self.evaluate(value, scope, depth)
                if annotation is None or isinstance(assigned, Runtime):
                    return assigned
                declared = self.annotated(annotation, scope, depth)
                return assigned if declared is None else declared
            case Binding(how=Bound.ITERATED, value=ast.expr() as value):
                return self._declared.item(value, scope, depth)
            case Binding(how=Bound.ENTERED, value=ast.expr() as value):
                return self._entered(value, scope, depth)
            case _:
                return None

    def _entered(self, value: ast.expr, scope: Function, depth: int) -> Value | None:
        yielded = self._yielded(value, scope, depth)
        if yielded is not None:
            return yielded
        given = self.evaluate(value, scope, depth)
        if isinstance(given, InstanceRef):
            method = self.members.get(given.cls, "__enter__", depth) or self.members.get(given.cls, "__aenter__", depth)
            if isinstance(method, FunctionRef):
                result = self.function_result(method, depth)
                return result.result if isinstance(result, Coroutine) else result
        return given if isinstance(given, External | Runtime) else None

    def _yielded(self, value: ast.expr, scope: Function, depth: int) -> Value | None:
        """Return what a generator under ``@contextmanager`` is annotated to yield."""
        called = self.evaluate(value.func, scope, depth) if isinstance(value, ast.Call) else None
        if not isinstance(called, FunctionRef) or decorator_names(called.function).isdisjoint(_CONTEXT_MANAGERS):
            return None
        node = called.function.node
        match node.returns if isinstance(node, FunctionNode) else None:
            case ast.Subscript(slice=ast.Tuple(elts=[first, *_])) | ast.Subscript(slice=first):
                return self.annotated(
                    first, called.function.outer or called.function, depth, owner=called.function.owner
                )
            case _:
                return None

    def _imported(self, source: Source, node: ast.Import | ast.ImportFrom, name: str, depth: int) -> Value | None:
        if isinstance(node, ast.Import):
            for imported in node.names:
                if imported.asname == name:
                    return self.module(imported.name)
            return self.module(name)
        origin = self.origin(node, source)
        for imported in node.names:
            if (imported.asname or imported.name) == name:
                return self._from(origin, imported.name, depth)
        return None

    def origin(self, node: ast.ImportFrom, source: Source) -> str:
        """Return the full name of the module that a ``from`` import names."""
        return import_origin(node, source.name, is_package=source.is_package)

    def _from(self, origin: str, name: str, depth: int) -> Value | None:
        if origin.partition(".")[0] in RUNTIMES:
            return Runtime(name)
        unit = self.unit(origin)
        if unit is not None:
            found = self.global_name(unit.source, name, depth + 1)
            if found is not None or name in unit.module.body.bindings:
                return found
        submodule = self.unit(f"{origin}.{name}")
        if submodule is not None:
            return ProjectModule(submodule.source)
        if unit is not None or self._project.exists(f"{origin}.{name}"):
            # A name of the project that is not found is not something of the same name elsewhere.
            return None
        return External(external.normal(f"{origin}.{name}"))

    def _parameter(self, scope: Function, parameter: ast.arg, depth: int) -> Value | None:
        positional = scope.positional
        if scope.owner is not None and positional and positional[0] is parameter:
            names = decorator_names(scope)
            if "staticmethod" not in names:
                is_class = "classmethod" in names or scope.name in ("__new__", "__init_subclass__")
                return ClassRef(scope.owner) if is_class else InstanceRef(scope.owner)
        if parameter.annotation is None or parameter not in (*positional, *_keyword_only(scope)):
            return None
        return self.annotated(parameter.annotation, scope.outer or scope, depth, owner=scope.owner)

    def annotated(
        self, node: ast.expr, function: Function, depth: int = 0, *, owner: Class | None = None
    ) -> Value | None:
        """Return an instance of what an annotation says, without None; None for unions and what is not known."""
        return self._declared.instance(node, function, depth, owner=owner)

    # --- kinds --------------------------------------------------------------------------------------------------------

    def kind(self, function: Function) -> Kind:
        """Return how the runtime treats a function, through decorators of the project that apply the runtime's."""
        if function.is_module:
            return Kind.MODULE
        if not function.decorators:
            return Kind.PLAIN
        return self._kinds.get(function, lambda: self._kind(function), lambda: Kind.PLAIN)

    def _kind(self, function: Function) -> Kind:
        for decorator in function.decorators:
            kind = self.decorator_kind(decorator, function)
            if kind is not None:
                return kind
        return Kind.PLAIN

    def decorator_kind(self, decorator: ast.expr, function: Function) -> Kind | None:
        """Return what a decorator makes of the function; None when it is not one of the runtime's."""
        value = self.decorator_value(decorator, function)
        if isinstance(value, Runtime):
            return _KINDS.get(value.name.removesuffix("()"))
        if isinstance(value, FunctionRef):
            return self._made_by(value.function, 0)
        return None

    def decorator_value(self, decorator: ast.expr, function: Function) -> Value | None:
        """Return the decorator: the called function of ``@decorate(...)``."""
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        outer = function.outer or function
        if function.owner is not None and isinstance(target, ast.Name) and target.id in function.owner.body.bindings:
            return self.members.get(function.owner, target.id)
        return self.evaluate(target, outer)

    def _made_by(self, decorator: Function, depth: int) -> Kind | None:
        """Return the kind that a decorator of the project gives, by calling the runtime's decorator in its body."""
        if depth > _MAX_DECORATORS:
            return None
        found: set[Kind] = set()
        for inner in (decorator, *(each for functions in decorator.nested.values() for each in functions)):
            if any(self.kind(each).is_recorded for each in _nested_of(inner)):
                found.update(self.kind(each) for each in _nested_of(inner))
            for call in inner.body.calls:
                value = self.evaluate(call.func, inner)
                if isinstance(value, Runtime):
                    kind = _KINDS.get(value.name.removesuffix("()"))
                    if kind is not None:
                        found.add(kind)
        found.discard(Kind.PLAIN)
        return found.pop() if len(found) == 1 else None


def _last_definition(bindings: list[Binding]) -> Binding | None:
    return next((b for b in reversed(bindings) if b.how in (Bound.DEFINED, Bound.IMPORTED)), None)


def _nested_of(function: Function) -> Iterable[Function]:
    return [each for functions in function.nested.values() for each in functions]


def _keyword_only(function: Function) -> list[ast.arg]:
    return [] if isinstance(function.node, ast.Module) else function.node.args.kwonlyargs


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
