"""Attributes of values: of modules, of classes with their bases, of instances with what their methods assign."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from dbos_gen.python.values.functions import Class, Function, FunctionKind
from dbos_gen.python.values.program_index import Index
from dbos_gen.python.values.values import (
    ClassRef,
    ExpressionEvaluator,
    External,
    FunctionRef,
    InstanceRef,
    Made,
    OneOf,
    Partial,
    Passed,
    ProjectModule,
    Runtime,
    Value,
    held_by,
    identity,
    is_declared_only,
    joined,
)
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project, Source
from dbos_gen.vocabulary import libraries

_MAX_DEPTH = 24
_READ_LIKE_ATTRIBUTES = frozenset({"property", "cached_property"})
_NO_BASES = ("typing.", "typing_extensions.", "builtins.", "abc.")


class Members:
    """Finds attributes."""

    def __init__(self, project: Project, expressions: ExpressionEvaluator, index: Index) -> None:
        self._project = project
        self._index = index
        self._expressions = expressions
        self._orders: dict[Class, list[Class | Runtime | External]] = {}
        self._members: Memory[tuple[Class, str], Value | None] = Memory(project)

    def attribute(self, owner: Value, attr: str, depth: int = 0) -> Value | None:
        """Return an attribute of a value."""
        if depth > _MAX_DEPTH:
            return None
        match owner:
            case ProjectModule(source):
                return self._module_attribute(source, attr, depth)
            case External(name):
                return self._external_attribute(name, attr)
            case Runtime(name):
                return replace(self._runtime_attribute(name, attr), package=owner.package)
            case ClassRef():
                return self._class_attribute(owner, attr, depth)
            case InstanceRef():
                return self._instance_attribute(owner, attr, depth)
            case OneOf(values, _, labels):
                return joined((self.attribute(value, attr, depth + 1) for value in values), labels)
            case _:
                return None

    def _module_attribute(self, source: Source, attr: str, depth: int) -> Value | None:
        found = self._expressions.global_name(source, attr, depth + 1)
        if found is not None or attr in self._expressions.unit_of(source).module.body.bindings:
            return found
        submodule = self._expressions.unit(f"{source.name}.{attr}")
        return None if submodule is None else ProjectModule(submodule.source)

    def _external_attribute(self, name: str, attr: str) -> Value:
        if "(" not in name:
            # `import shop` where `shop` is a folder without __init__, and `import os.path`.
            unit = self._expressions.unit(f"{name}.{attr}") if self._project.exists(name) else None
            if unit is not None:
                return ProjectModule(unit.source)
        return External(libraries.normal(f"{name}.{attr}"))

    def _runtime_attribute(self, name: str, attr: str) -> Runtime:
        if not name:
            return Runtime("" if attr in ("api", "core") else attr)
        if name[:1].islower():
            # A module of the runtime: what it exports is known by its own name.
            return Runtime(attr)
        return Runtime(f"{name}.{attr}")

    def _class_attribute(self, owner: ClassRef, attr: str, depth: int) -> Value | None:
        cls = owner.cls
        found = self.get(cls, attr, depth)
        if isinstance(found, FunctionRef) and "classmethod" in decorator_names(found.function):
            return replace(found, is_bound=True, receiver=owner)
        if attr in cls.body.bindings and not isinstance(found, FunctionRef) and self.is_enum(cls):
            value = cls.body.bindings[attr][-1].value
            return InstanceRef(cls, is_exact=True, made=None if value is None else Made(value, cls.scope))
        return found

    def is_enum(self, cls: Class) -> bool:
        """Whether a class is an enumeration."""
        return any(isinstance(each, External) and each.name.startswith("enum.") for each in self.order(cls))

    def _enum_value(self, owner: InstanceRef, depth: int) -> Value | None:
        """Return what a member of an enumeration stands for."""
        if owner.made is not None:
            return self._expressions.evaluate(owner.made.node, owner.made.place, depth)
        found: dict[str, Value | None] = {}
        for name, bindings in owner.cls.body.bindings.items():
            value = bindings[-1].value
            if value is not None and not name.startswith("_"):
                found[name] = self._expressions.evaluate(value, owner.cls.scope, depth)
        return joined(found.values(), found)

    def part(self, owner: InstanceRef, position: int, depth: int) -> Value | None:
        """Return the item of a named tuple at a position."""
        names = list(self._fields(owner.cls, depth))
        return self.attribute(owner, names[position], depth) if 0 <= position < len(names) else None

    def method_names(self, owner: Value) -> list[str]:
        """Return the names of the methods of an object or a class, and of the functions of a module."""
        match owner:
            case InstanceRef(cls) | ClassRef(cls):
                classes = [each for each in self.order(cls) if isinstance(each, Class)]
                return list(dict.fromkeys(name for each in classes for name in each.methods))
            case ProjectModule(source):
                return list(self._expressions.unit_of(source).module.nested)
            case _:
                return []

    def _instance_attribute(self, owner: InstanceRef, attr: str, depth: int) -> Value | None:
        cls, after = owner.cls, owner.after
        if attr in ("value", "_value_") and self.is_enum(cls):
            return self._enum_value(owner, depth)
        given = self._field(owner, attr, depth)
        if given is not None:
            return given
        # `super()` gives what stands behind a class, and nothing of what the object itself holds.
        found = self.get(cls, attr, depth) if after is None else self.inherited(cls, attr, depth, after=after)
        receiver = owner if owner.behind_super is None else owner.behind_super
        if isinstance(found, FunctionRef | Partial | OneOf):
            bound = _bound(found, receiver)
            if isinstance(bound, FunctionRef) and decorator_names(bound.function) & _READ_LIKE_ATTRIBUTES:
                return self._expressions.function_result(bound, depth)
            return bound
        is_held = isinstance(found, External) or (found is not None and not is_declared_only(found))
        if after is not None or is_held:
            return found
        if owner.made is not None or owner.given:
            return self._assigned_attribute(owner, attr, depth) or found
        key = (cls, f"self.{attr}")
        assigned = self._members.get(key, lambda: self._assigned_attribute(owner, attr, depth), _nothing) or found
        if self._index.is_whole and (assigned is None or is_declared_only(assigned)):
            key = (cls, f"made.{attr}")
            made = self._members.get(key, lambda: self._made_attribute(cls, attr, depth), _nothing)
            return made or assigned
        return assigned

    def _made_attribute(self, cls: Class, attr: str, depth: int) -> Value | None:
        """Return an attribute of the objects of a class that the program makes."""
        made = self._index.constructions(cls)
        found = joined(self._instance_attribute(each, attr, depth + 1) for each in made)
        return None if isinstance(found, OneOf) and found.is_open else found

    def _field(self, owner: InstanceRef, attr: str, depth: int) -> Value | None:
        """Return what a call that makes an object passes for a field, where the class has no constructor of its own."""
        if owner.made is None or not isinstance(owner.made.node, ast.Call):
            return None
        if isinstance(self.get(owner.cls, "__init__", depth), FunctionRef):
            return None
        fields = self._fields(owner.cls, depth)
        if attr not in fields:
            return None
        call = owner.made.node
        for position, value in enumerate(call.args):
            if isinstance(value, ast.Starred):
                return None
            if position < len(fields) and list(fields)[position] == attr:
                return self._expressions.evaluate(value, owner.made.place, depth)
        for word in call.keywords:
            if word.arg == attr:
                return self._expressions.evaluate(word.value, owner.made.place, depth)
        default, cls = fields[attr]
        return None if default is None else self._default(default, cls.outer, depth)

    def _fields(self, cls: Class, depth: int) -> dict[str, tuple[ast.expr | None, Class]]:
        """Return the annotated names of a class and its bases with their defaults, in the order of arguments."""
        found: dict[str, tuple[ast.expr | None, Class]] = {}
        for base in reversed(self.bases(cls, depth)):
            if isinstance(base, ClassRef) and base.cls is not cls and depth < _MAX_DEPTH:
                found.update(self._fields(base.cls, depth + 1))
        for statement in cls.node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                found[statement.target.id] = (statement.value, cls)
        return found

    def _default(self, node: ast.expr, place: Function, depth: int) -> Value | None:
        if isinstance(node, ast.Call):
            words = {word.arg: word.value for word in node.keywords}
            factory = words.get("default_factory") or words.get("factory")
            if factory is not None:
                made = self._expressions.evaluate(factory, place, depth)
                call = ast.copy_location(ast.Call(factory, [], []), node)
                return None if made is None else self._expressions.result(made, call, place, depth)
            if "default" in words:
                return self._expressions.evaluate(words["default"], place, depth)
        return self._expressions.evaluate(node, place, depth)

    def get(self, cls: Class, attr: str, depth: int = 0) -> Value | None:
        """Return what a class, or else one of its bases, defines under a name."""
        return self._members.get((cls, attr), lambda: self._member(cls, attr, depth), _nothing)

    def accessors(self, cls: Class, attr: str, *, is_stored: bool) -> list[Function]:
        """Return the functions of a property that run when it is read, or set."""
        for each in self.order(cls):
            functions = each.methods.get(attr) if isinstance(each, Class) else None
            if functions:
                wanted = {"setter"} if is_stored else _READ_LIKE_ATTRIBUTES
                return [function for function in functions if decorator_names(function) & wanted][:1]
        return []

    def _member(self, cls: Class, attr: str, depth: int) -> Value | None:
        functions = cls.methods.get(attr)
        if functions:
            # A property stands before its setter.
            first = functions[0]
            if "property" in decorator_names(first):
                return FunctionRef(first, self._expressions.kind(first))
            chosen = alternatives(functions, cls.node.body)
            return joined(FunctionRef(each, self._expressions.kind(each)) for each in chosen)
        inner = cls.classes.get(attr)
        if inner is not None:
            return ClassRef(inner)
        bindings = cls.body.bindings.get(attr)
        if bindings:
            found = joined(self._expressions.binding(cls.scope, attr, binding, depth) for binding in bindings)
            return held_by(found, cls, attr)
        return self.inherited(cls, attr, depth)

    def inherited(self, cls: Class, attr: str, depth: int = 0, *, after: Class | None = None) -> Value | None:
        """Return what the bases of a class define under a name; those behind ``after`` in their order."""
        order = self.order(cls, depth)
        start = order.index(after) + 1 if after is not None and after in order else 1
        for each in order[start:]:
            if isinstance(each, Class):
                found = self._own(each, attr, depth + 1)
            elif isinstance(each, Runtime):
                found = Runtime(f"{each.name}.{attr}", each.package) if each.name == "DBOS" else None
            elif not each.name.startswith(_NO_BASES):
                found = External(libraries.normal(f"{each.name}().{attr}"))
            else:
                found = None
            if found is not None:
                return found
        return None

    def _own(self, cls: Class, attr: str, depth: int) -> Value | None:
        is_defined = attr in cls.methods or attr in cls.classes or attr in cls.body.bindings
        return self.get(cls, attr, depth) if is_defined else None

    def order(self, cls: Class, depth: int = 0) -> list[Class | Runtime | External]:
        """Return the classes in which attributes are looked up, as Python orders them."""
        known = self._orders.get(cls)
        if known is None:
            self._orders[cls] = [cls]
            known = self._orders[cls] = [cls, *_merged(self._ordered_bases(cls, depth))]
        return known

    def _ordered_bases(self, cls: Class, depth: int) -> list[list[Class | Runtime | External]]:
        found: list[list[Class | Runtime | External]] = []
        own: list[Class | Runtime | External] = []
        for base in self.bases(cls, depth):
            if isinstance(base, ClassRef) and base.cls is not cls and depth < _MAX_DEPTH:
                found.append(list(self.order(base.cls, depth + 1)))
                own.append(base.cls)
            elif isinstance(base, Runtime | External):
                found.append([base])
                own.append(base)
        return [*found, own]

    def bases(self, cls: Class, depth: int = 0) -> list[Value]:
        """Return the bases of a class as far as they are known."""
        found: list[Value] = []
        for node in cls.node.bases:
            head = node.value if isinstance(node, ast.Subscript) else node
            value = self._expressions.evaluate(head, cls.outer, depth + 1)
            if value is not None:
                found.append(value)
        return found

    def _assigned_attribute(self, owner: InstanceRef, attr: str, depth: int) -> Value | None:
        """Return what methods of a class, or of its bases, assign to ``self.attr``."""
        cls = owner.cls
        values: list[Value | None] = []
        expected: list[Value | None] = []
        for functions in cls.methods.values():
            for method in functions:
                receiver = method.positional[0].arg if method.positional else None
                place: Function | None = None
                for statement in method.body.changes:
                    for target, value, annotation in _attribute_assignments(statement):
                        if target.attr != attr or not _is_name(target.value, receiver):
                            continue
                        declared = (
                            None if annotation is None else self._expressions.annotated(annotation, method, depth)
                        )
                        if _is_none(value):
                            # `self.client: Client | None = None`: what is set from elsewhere is what was declared.
                            expected.extend([] if annotation is None else [declared])
                            continue
                        if value is not None and (declared is None or is_declared_only(declared)):
                            place = place or self._constructor(method, owner)
                            declared = self._expressions.evaluate(value, place, depth) or declared
                        values.append(declared)
        if values or expected:
            return held_by(joined(values or expected), cls, attr)
        for base in self.bases(cls, depth):
            if isinstance(base, ClassRef) and base.cls is not cls:
                inherited = replace(owner, cls=base.cls, after=None, behind_super=None)
                found = self._instance_attribute(inherited, attr, depth + 1)
                if found is not None:
                    return found
        return None

    def _constructor(self, method: Function, owner: InstanceRef) -> Function:
        """Return a method as it runs: of a constructor, in the call that makes the object."""
        if method.name not in ("__init__", "__new__") or (owner.made is None and not owner.given):
            return method
        called = FunctionRef(method, FunctionKind.PLAIN, is_bound=True)
        if owner.made is None:
            names = [parameter.arg for parameter in method.positional[1:]]
            passed = {name: Passed(value=value) for name, value in zip(names, owner.given, strict=False)}
            return self._expressions.activated(called, passed, key=identity(owner))
        return self._expressions.activation(called, owner.made)


def _bound(value: Value, receiver: Value) -> Value:
    """Return a function as an object has it that it was found on."""
    match value:
        case FunctionRef(function):
            return replace(value, is_bound="staticmethod" not in decorator_names(function), receiver=receiver)
        case Partial(target):
            return replace(value, target=_bound(target, receiver))
        case OneOf(values):
            return replace(value, values=tuple(_bound(each, receiver) for each in values))
        case _:
            return value


def _merged(orders: list[list[Class | Runtime | External]]) -> list[Class | Runtime | External]:
    """Return the orders of bases as one: each class before those behind it in any, as in Python's C3."""
    pending = [list(order) for order in orders if order]
    found: list[Class | Runtime | External] = []
    while pending:
        heads = [order[0] for order in pending]
        chosen = next((head for head in heads if not any(head in order[1:] for order in pending)), heads[0])
        found.append(chosen)
        pending = [rest for order in pending if (rest := [each for each in order if each != chosen])]
    return found


def alternatives(functions: list[Function], body: Iterable[ast.stmt]) -> list[Function]:
    """Return the definitions of one name that may be the one that counts: of those in branches each."""
    unconditional = {id(statement) for statement in body}
    found: list[Function] = []
    for function in functions:
        if id(function.node) in unconditional:
            found = []
        if "overload" not in decorator_names(function):
            found.append(function)
    return found or functions[-1:]


def decorator_names(function: Function) -> set[str]:
    """Return the last parts of the names of a function's plain decorators: ``classmethod``, ``property``."""
    found: set[str] = set()
    for decorator in function.decorators:
        name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", None)
        if isinstance(name, str):
            found.add(name)
    return found


def _nothing() -> None:
    return None


def _attribute_assignments(
    statement: ast.stmt,
) -> list[tuple[ast.Attribute, ast.expr | None, ast.expr | None]]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            return [(target, value, None) for target in targets if isinstance(target, ast.Attribute)]
        case ast.AnnAssign(target=ast.Attribute() as target, value=value, annotation=annotation):
            return [(target, value, annotation)]
        case _:
            return []


def _is_name(node: ast.expr, name: str | None) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
