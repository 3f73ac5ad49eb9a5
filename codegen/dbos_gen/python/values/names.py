"""What names stand for: through scopes, imports, re-exports and everything that binds them."""

from __future__ import annotations

import ast
import builtins
from typing import Protocol

from dbos_gen.python.values.activation import Activation
from dbos_gen.python.values.contents import Containers
from dbos_gen.python.values.declarations import Declared
from dbos_gen.python.values.functions import Function
from dbos_gen.python.values.members import Members, alternatives, decorator_names
from dbos_gen.python.values.values import (
    ClassRef,
    Contents,
    Coroutine,
    ExpressionEvaluator,
    External,
    FunctionRef,
    InstanceRef,
    OneOf,
    Partial,
    Passed,
    ProjectModule,
    Runtime,
    Value,
    held_by,
    is_declared_only,
    joined,
)
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.bindings import FunctionNode, import_origin
from dbos_gen.syntax.body import Binding, BindingForm, Whole
from dbos_gen.vocabulary import libraries
from dbos_gen.vocabulary.runtimes import RUNTIMES

_CONTEXT_MANAGERS = frozenset({"contextmanager", "asynccontextmanager"})
_MAX_DEPTH = 24
_BUILTINS = frozenset(dir(builtins))


class ExpressionReader(ExpressionEvaluator, Protocol):
    """What answers about expressions, as far as names need it."""

    members: Members
    containers: Containers
    declared: Declared

    def module(self, name: str) -> Value:
        """Return what a module's name stands for."""
        ...


class Names:
    """Answers what names stand for."""

    def __init__(self, project: Project, reader: ExpressionReader) -> None:
        self._project = project
        self._reader = reader
        self._names: Memory[tuple[object, str], Value | None] = Memory(project)

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
            lambda: self._definition(self._reader.unit_of(source).module, name, depth),
        )

    def _module_name(self, source: Source, name: str, depth: int) -> Value | None:
        if depth > _MAX_DEPTH:
            return None
        unit = self._reader.unit_of(source)
        if name in unit.module.body.bindings:
            return self._bound(unit.module, name, depth)
        for star in reversed(source.bindings.stars):
            if star.partition(".")[0] in RUNTIMES:
                if name in libraries.RUNTIME_NAMES:
                    return Runtime(name, star.partition(".")[0])
                continue
            origin = self._reader.unit(star)
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
        values.extend(self.binding(scope, name, binding, depth) for binding in bindings if not is_none(binding.value))
        if not values and scope.is_module and bindings:
            values.extend(
                self.binding(function, name, binding, depth)
                for function, binding in scope.unit.rebound.get(name, [])
                if not is_none(binding.value)
            )
        elif values and scope.is_module:
            rebound = [self.binding(place, name, each, depth) for place, each in scope.unit.rebound.get(name, [])]
            values.extend(each for each in rebound if isinstance(each, FunctionRef))
        return held_by(joined(values), scope.definition, name)

    def _definition(self, scope: Function, name: str, depth: int) -> Value | None:
        """Return what a name stands for to the right of `fetch = DBOS.step()(fetch)`: the function."""
        definition = _last_definition(scope.body.bindings.get(name, []))
        if definition is None or definition.how is not BindingForm.DEFINED:
            return None
        return self.binding(scope, name, definition, depth)

    def _defined(
        self, scope: Function, name: str, bindings: list[Binding], definition: Binding, depth: int
    ) -> Value | None:
        """Return what a name that is imported or defined, and perhaps assigned as well, stands for."""
        others = [
            b for b in bindings if b.how not in (BindingForm.DEFINED, BindingForm.IMPORTED) and not is_none(b.value)
        ]
        imports = [b for b in bindings if b.how is BindingForm.IMPORTED]
        first = imports[0] if imports else definition
        value = self.binding(scope, name, first, depth)
        if len(imports) > 1:
            # `try: from fast import f` and `except ImportError: from slow import f`
            several = [self.binding(scope, name, each, depth) for each in imports]
            functions = [each for each in several if isinstance(each, FunctionRef | ClassRef)]
            value = joined(functions) if functions else value
        if scope.is_module and isinstance(value, FunctionRef | OneOf):
            rebound = [self.binding(place, name, each, depth) for place, each in scope.unit.rebound.get(name, [])]
            value = joined([value, *(each for each in rebound if isinstance(each, FunctionRef))])
        if not others:
            return value
        assigned = joined(self.binding(scope, name, binding, depth) for binding in others)
        if isinstance(assigned, FunctionRef | Partial) and isinstance(value, FunctionRef):
            return assigned
        return value if imports else joined([value, assigned]) if assigned is not None else None

    def binding(self, scope: Function, name: str, binding: Binding, depth: int) -> Value | None:  # noqa: PLR0911  # one each
        """Return what one place that binds a name gives it."""
        match binding:
            case Binding(how=BindingForm.IMPORTED, node=ast.Import() | ast.ImportFrom() as node):
                return self._imported(scope.source, node, name, depth)
            case Binding(how=BindingForm.DEFINED, node=ast.ClassDef() as node):
                found = scope.classes.get(node.name)
                return None if found is None else ClassRef(found)
            case Binding(how=BindingForm.DEFINED):
                functions = scope.nested.get(name)
                return self._alternatives(functions or [], scope)
            case Binding(how=BindingForm.ASSIGNED, annotation=annotation, value=value):
                assigned = None if value is None else self._reader.evaluate(value, scope, depth)
                if annotation is None or (assigned is not None and not _says_little(assigned)):
                    return assigned
                declared = self._reader.annotated(annotation, scope, depth)
                return assigned if declared is None else declared
            case Binding(how=BindingForm.ITERATED, value=ast.expr() as value):
                return self._reader.declared.item(value, scope, depth) or self._iterated(value, scope, depth)
            case Binding(whole=Whole() as whole):
                return self._part(whole, scope, depth)
            case Binding(how=BindingForm.ENTERED, value=ast.expr() as value):
                return self._entered(value, scope, depth)
            case _:
                return None

    def _alternatives(self, functions: list[Function], scope: Function) -> Value | None:
        """Return the function that a name is defined as; of definitions in several branches, one of them."""
        around = call_around(scope)
        chosen = alternatives(functions, scope.node.body) if isinstance(scope.node.body, list) else functions
        return joined(FunctionRef(each, self._reader.kind(each), around=around) for each in chosen)

    def _part(self, whole: Whole, scope: Function, depth: int) -> Value | None:
        """Return a part of what is destructured."""
        is_iterated = whole.how is BindingForm.ITERATED
        part = (
            self._iterated(whole.value, scope, depth)
            if is_iterated
            else self._reader.evaluate(whole.value, scope, depth)
        )
        for position in whole.path:
            if isinstance(part, InstanceRef):
                part = self._reader.members.part(part, position, depth)
            else:
                part = self._reader.containers.item(part, ast.Constant(position), depth)
        return part if whole.rest is None else self._reader.containers.rest(part, *whole.rest, depth)

    def _iterated(self, value: ast.expr, scope: Function, depth: int) -> Value | None:
        found = self._reader.evaluate(value, scope, depth)
        if isinstance(found, InstanceRef):
            return None
        return self._reader.containers.iterated(found, depth)

    def _entered(self, value: ast.expr, scope: Function, depth: int) -> Value | None:
        yielded = self._yielded(value, scope, depth)
        if yielded is not None:
            return yielded
        given = self._reader.evaluate(value, scope, depth)
        if isinstance(given, InstanceRef):
            method = self._reader.members.get(given.cls, "__enter__", depth) or self._reader.members.get(
                given.cls, "__aenter__", depth
            )
            if isinstance(method, FunctionRef):
                result = self._reader.function_result(method, depth)
                return result.result if isinstance(result, Coroutine) else result
        return given if isinstance(given, External | Runtime) else None

    def _yielded(self, value: ast.expr, scope: Function, depth: int) -> Value | None:
        """Return what a generator under ``@contextmanager`` is annotated to yield."""
        called = self._reader.evaluate(value.func, scope, depth) if isinstance(value, ast.Call) else None
        if not isinstance(called, FunctionRef) or not is_context_manager(called.function):
            return None
        node = called.function.node
        match node.returns if isinstance(node, FunctionNode) else None:
            case ast.Subscript(slice=ast.Tuple(elts=[first, *_])) | ast.Subscript(slice=first):
                return self._reader.annotated(
                    first, called.function.outer or called.function, depth, owner=called.function.owner
                )
            case _:
                return None

    def _imported(self, source: Source, node: ast.Import | ast.ImportFrom, name: str, depth: int) -> Value | None:
        if isinstance(node, ast.Import):
            for imported in node.names:
                if imported.asname == name:
                    return self._reader.module(imported.name)
            return self._reader.module(name)
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
            return Runtime(name, origin.partition(".")[0])
        unit = self._reader.unit(origin)
        if unit is not None:
            found = self.global_name(unit.source, name, depth + 1)
            if found is not None or name in unit.module.body.bindings:
                return found
        submodule = self._reader.unit(f"{origin}.{name}")
        if submodule is not None:
            return ProjectModule(submodule.source)
        top = origin.partition(".")[0]
        is_missing = "." in origin and unit is None and self._project.exists(top)
        if unit is not None or is_missing or self._project.exists(f"{origin}.{name}"):
            # A name of the project that is not found is not something of the same name elsewhere.
            return None
        return External(libraries.normal(f"{origin}.{name}"))

    def _parameter(self, scope: Function, parameter: ast.arg, depth: int) -> Value | None:
        positional = scope.positional
        if isinstance(scope, Activation):
            if scope.receiver is not None and positional and positional[0] is parameter:
                return scope.receiver
            passed = scope.passed.get(parameter.arg)
            found = None if passed is None else self.passed(passed, depth)
            if found is not None:
                return found
        if scope.owner is not None and positional and positional[0] is parameter:
            names = decorator_names(scope)
            if "staticmethod" not in names:
                is_class = "classmethod" in names or scope.name in ("__new__", "__init_subclass__")
                return ClassRef(scope.owner, is_exact=False) if is_class else InstanceRef(scope.owner)
        if parameter.annotation is None or parameter not in (*positional, *_keyword_only(scope)):
            return None
        return self._reader.annotated(parameter.annotation, scope.outer or scope, depth, owner=scope.owner)

    def passed(self, passed: Passed, depth: int = 0) -> Value | None:
        """Return what a call passes for a parameter."""
        if passed.value is not None:
            return passed.value
        if passed.made is not None:
            return self._reader.evaluate(passed.made.node, passed.made.place, depth)
        if passed.parts is not None:
            parts = tuple(self.passed(part, depth) for part in passed.parts)
            return External("builtins.tuple()", Contents(parts=parts))
        return None


def _last_definition(bindings: list[Binding]) -> Binding | None:
    return next((b for b in reversed(bindings) if b.how in (BindingForm.DEFINED, BindingForm.IMPORTED)), None)


def _keyword_only(function: Function) -> list[ast.arg]:
    return [] if isinstance(function.node, ast.Module) else function.node.args.kwonlyargs


def is_context_manager(function: Function) -> bool:
    """Whether a decorator makes a context manager of a generator."""
    return not decorator_names(function).isdisjoint(_CONTEXT_MANAGERS)


def call_around(function: Function) -> Function | None:
    """Return the call whose names a function defined in it sees; None where they are the same for each call."""
    return function if isinstance(function, Activation) else None


def _says_little(value: Value) -> bool:
    """Whether the annotation of what is assigned may tell more than this."""
    return is_declared_only(value) or (isinstance(value, External) and value.contents is None)


def is_none(node: ast.expr | None) -> bool:
    """Whether an expression is None."""
    return isinstance(node, ast.Constant) and node.value is None
