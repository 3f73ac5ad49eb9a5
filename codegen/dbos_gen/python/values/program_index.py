"""What only a look at all modules of the program can tell: derived classes, constructions, uses of names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from dbos_gen.python.values.activation import bind
from dbos_gen.python.values.functions import Class, Function, ModuleFunctions
from dbos_gen.python.values.values import (
    ClassRef,
    ExpressionEvaluator,
    FunctionRef,
    InstanceRef,
    Made,
    ProjectModule,
    Value,
    joined,
)
from dbos_gen.sources.project import Project

_MAX_PLACES = 200


class Index:
    """Answers from all modules of the program, of which ``modules`` gives the names.

    Without it, a question is answered from the module that it is about.
    """

    def __init__(
        self, project: Project, expressions: ExpressionEvaluator, modules: Callable[[], Iterable[str]] | None = None
    ) -> None:
        self._project = project
        self._expressions = expressions
        self._modules = modules
        self._units: tuple[ModuleFunctions, ...] | None = None
        self._derived: dict[Class, list[Class]] | None = None
        self._methods: dict[str, list[Function]] | None = None
        self._passing: set[tuple[Function, str]] = set()

    @property
    def is_whole(self) -> bool:
        """Whether all modules of the program are known."""
        return self._modules is not None

    # --- modules ------------------------------------------------------------------------------------------------------

    def units(self, *words: str, own: ModuleFunctions | None = None) -> Iterator[ModuleFunctions]:
        """Yield the modules of the program whose text has all of some words, ``own`` first."""
        if own is not None:
            yield own
        if self._modules is None:
            return
        self._project.consult_everything()
        if self._units is None:
            # Whoever asks depends on everything, whether or not it is read for that question.
            with self._project.reading(), self._project.asking():
                found = (self._expressions.unit(name) for name in sorted(self._modules()))
                self._units = tuple(unit for unit in found if unit is not None)
        for unit in self._units:
            if unit is not own and unit.source.words.issuperset(words):
                yield unit

    # --- classes ------------------------------------------------------------------------------------------------------

    def derived(self, cls: Class) -> list[Class]:
        """Return the classes that are derived from a class, directly or not."""
        if self._derived is None:
            self._derived = {}
            for unit in self.units():
                for each in (
                    *unit.classes,
                    *(inner for function in unit.functions for inner in function.classes.values()),
                ):
                    for base in self._bases(each):
                        self._derived.setdefault(base, []).append(each)
        else:
            self._project.consult_everything()
        found: dict[Class, None] = {}
        pending = [cls]
        while pending:
            for each in self._derived.get(pending.pop(), []):
                if each not in found:
                    found[each] = None
                    pending.append(each)
        return list(found)

    def _bases(self, cls: Class) -> Iterator[Class]:
        for node in cls.node.bases:
            head = node.value if isinstance(node, ast.Subscript) else node
            value = self._expressions.evaluate(head, cls.outer)
            if isinstance(value, ClassRef):
                yield value.cls

    def constructions(self, cls: Class) -> list[InstanceRef]:
        """Return the objects of a class, and of those derived from it, that the program makes."""
        found: list[InstanceRef] = []
        for each in (cls, *self.derived(cls)):
            for place in self._places(each.node.name, own=cls.outer.unit):
                for call in place.body.calls:
                    if _last_name(call.func) != each.node.name and not _is_maker(call.func):
                        continue
                    value = self._expressions.evaluate(call.func, place)
                    if isinstance(value, ClassRef) and value.cls is each:
                        found.append(InstanceRef(each, is_exact=True, made=Made(call, place)))
                        if len(found) > _MAX_PLACES:
                            return []
        return found

    def methods(self, name: str) -> list[Function]:
        """Return the methods of a name of all classes."""
        if self._methods is None:
            self._methods = {}
            for unit in self.units():
                for cls in unit.classes:
                    for method, functions in cls.methods.items():
                        self._methods.setdefault(method, []).append(functions[-1])
        else:
            self._project.consult_everything()
        return self._methods.get(name, [])

    def replaced(self, cls: Class, name: str) -> Iterator[tuple[Value | None, bool]]:
        """Yield what is put in the place of an attribute from outside, and whether on the class: ``Flow.hook = f``."""
        for place in self._places(name, own=cls.outer.unit):
            for statement in place.body.changes:
                if not isinstance(statement, ast.Assign):
                    continue
                for target in statement.targets:
                    if isinstance(target, ast.Attribute) and target.attr == name:
                        is_on_class = self._is_on_class(target, cls, place)
                        if is_on_class is not None:
                            yield self.passed(statement.value, place, 0), is_on_class

    def _is_on_class(self, target: ast.Attribute, cls: Class, place: Function) -> bool | None:
        """Whether an attribute is one of a class; None unless of it or of its objects, other than from its methods."""
        owner = self._expressions.evaluate(target.value, place)
        if isinstance(owner, InstanceRef) and owner.cls is cls and not _is_receiver(target, place):
            return False
        is_class = isinstance(owner, ClassRef) and (owner.cls is cls or owner.cls in self.derived(cls))
        return True if is_class else None

    def dispatched(self, function: Function) -> Iterator[Value | None]:
        """Yield the functions that are registered for a function under ``functools.singledispatch``."""
        if not any(_last_name(decorator) == "singledispatch" for decorator in function.decorators):
            return
        for unit in self.units(function.name, "register", own=function.unit):
            for other in unit.functions:
                for written in other.decorators:
                    head = written.func if isinstance(written, ast.Call) else written
                    if isinstance(head, ast.Attribute) and head.attr == "register":
                        value = self._expressions.evaluate(head.value, other.outer or other)
                        if isinstance(value, FunctionRef) and value.function is function:
                            yield FunctionRef(other, self._expressions.kind(other))

    # --- names --------------------------------------------------------------------------------------------------------

    def users(self, owner: Function | Class, name: str) -> Iterator[Function]:
        """Yield the bodies that may change what a variable, or an attribute of a class's objects, holds."""
        if isinstance(owner, Class):
            yield from (method for functions in owner.methods.values() for method in functions)
            return
        if not owner.is_module:
            yield owner
            yield from (inner for functions in owner.nested.values() for inner in functions)
            return
        yield from self._places(name, own=owner.unit)

    def _places(self, *words: str, own: ModuleFunctions) -> Iterator[Function]:
        for unit in self.units(*words, own=own):
            yield unit.module
            yield from unit.functions

    def holder(self, name: str, place: Function) -> Function:
        """Return the function, or the module's body, whose variable a name is; of an imported one its own module."""
        scope = place
        while scope.outer is not None and (name not in scope.own_names or name in scope.body.global_names):
            scope = scope.outer.definition if name not in scope.body.global_names else scope.unit.module
        scope = scope.definition
        if scope.is_module:
            for binding in scope.body.bindings.get(name, []):
                if isinstance(binding.node, ast.ImportFrom):
                    origin = self._expressions.unit(self._expressions.origin(binding.node, scope.source))
                    if origin is not None and name in origin.module.body.bindings:
                        return self.holder(name, origin.module) if origin.module is not scope else scope
        return scope

    def is_owner(self, node: ast.expr, owner: Function | Class, place: Function) -> bool:
        """Whether the attributes of an expression are the names of a module, or those of a class's objects."""
        value = self._expressions.evaluate(node, place)
        match value:
            case ProjectModule(source):
                return isinstance(owner, Function) and owner.is_module and owner.source is source
            case InstanceRef(cls) | ClassRef(cls):
                return isinstance(owner, Class) and (cls is owner or owner in self._expressions.ancestors(cls))
            case _:
                return False

    def passed(self, node: ast.expr, place: Function, depth: int) -> Value | None:
        """Return what an expression stands for; of a parameter, everything that the program passes for it."""
        value = self._expressions.evaluate(node, place, depth)
        if value is not None or not isinstance(node, ast.Name):
            return value
        if node.id not in {parameter.arg for parameter in place.parameters} or place.definition is not place:
            return None
        key = (place, node.id)
        if key in self._passing:
            return None
        self._passing.add(key)
        try:
            return joined([*self._decorated(place, node.id), *self._called(place, node.id, depth)])
        finally:
            self._passing.discard(key)

    def _decorated(self, decorator: Function, name: str) -> Iterator[Value | None]:
        """Yield the functions that a decorator is put above, where ``name`` is its parameter for them."""
        maker = decorator
        if decorator.outer is not None and not decorator.outer.is_module:
            maker = decorator.outer
        positional = decorator.positional[1:] if decorator.owner is not None else decorator.positional
        if not positional or positional[0].arg != name:
            return
        for unit in self.units(maker.name, own=decorator.unit):
            for function in unit.functions:
                for written in function.decorators:
                    head = written.func if isinstance(written, ast.Call) else written
                    if _last_name(head) != maker.name or isinstance(written, ast.Call) is (maker is decorator):
                        continue
                    value = self._expressions.evaluate(head, function.outer or function)
                    if isinstance(value, FunctionRef) and value.function is maker:
                        yield FunctionRef(function, self._expressions.kind(function))

    def _called(self, function: Function, name: str, depth: int) -> Iterator[Value | None]:
        for place in self._places(function.name, own=function.unit):
            for call in place.body.calls:
                if _last_name(call.func) != function.name:
                    continue
                value = self._expressions.evaluate(call.func, place)
                if isinstance(value, FunctionRef) and value.function is function:
                    passed = bind(function, Made(call, place), is_bound=value.is_bound).get(name)
                    if passed is not None and passed.made is not None:
                        yield self.passed(passed.made.node, passed.made.place, depth + 1)


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _last_name(value)
        case _:
            return ""


def _is_maker(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "cls"


def _is_receiver(target: ast.Attribute, place: Function) -> bool:
    positional = place.positional
    return (
        place.owner is not None
        and bool(positional)
        and isinstance(target.value, ast.Name)
        and (target.value.id == positional[0].arg)
    )
