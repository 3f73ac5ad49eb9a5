"""Attributes of values: of modules, of classes with their bases, of instances with what their methods assign."""

from __future__ import annotations

import ast

from dbos_gen.rules import external
from dbos_gen.rules.functions import Class, Function
from dbos_gen.rules.remembering import Memory
from dbos_gen.rules.values import (
    ClassRef,
    Expressions,
    External,
    FunctionRef,
    InstanceRef,
    ProjectModule,
    Runtime,
    Value,
    agreed,
)
from dbos_gen.scan.source import Project, Source

_MAX_DEPTH = 24
_NO_BASES = ("typing.", "typing_extensions.", "builtins.", "abc.")


class Members:
    """Finds attributes."""

    def __init__(self, project: Project, expressions: Expressions) -> None:
        self._project = project
        self._expressions = expressions
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
                return self._runtime_attribute(name, attr)
            case ClassRef(cls):
                return self._class_attribute(cls, attr, depth)
            case InstanceRef(cls, after):
                return self._instance_attribute(cls, after, attr, depth)
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
        return External(external.normal(f"{name}.{attr}"))

    def _runtime_attribute(self, name: str, attr: str) -> Value:
        if not name:
            return Runtime("" if attr in ("api", "core") else attr)
        if name[:1].islower():
            # A module of the runtime: what it exports is known by its own name.
            return Runtime(attr)
        return Runtime(f"{name}.{attr}")

    def _class_attribute(self, cls: Class, attr: str, depth: int) -> Value | None:
        found = self.get(cls, attr, depth)
        if isinstance(found, FunctionRef) and "classmethod" in decorator_names(found.function):
            return FunctionRef(found.function, found.kind, is_bound=True)
        return found

    def _instance_attribute(self, cls: Class, after: Class | None, attr: str, depth: int) -> Value | None:
        found = self.inherited(cls, attr, depth) if after is not None else self.get(cls, attr, depth)
        if isinstance(found, FunctionRef):
            names = decorator_names(found.function)
            if names & {"property", "cached_property"}:
                return self._expressions.function_result(found, depth)
            return FunctionRef(found.function, found.kind, is_bound="staticmethod" not in names)
        if isinstance(found, External):
            return found
        if found is not None:
            return found
        return self._members.get((cls, f"self.{attr}"), lambda: self._assigned_attribute(cls, attr, depth), _nothing)

    def get(self, cls: Class, attr: str, depth: int = 0) -> Value | None:
        """Return what a class, or else one of its bases, defines under a name."""
        return self._members.get((cls, attr), lambda: self._member(cls, attr, depth), _nothing)

    def _member(self, cls: Class, attr: str, depth: int) -> Value | None:
        functions = cls.methods.get(attr)
        if functions:
            # A property stands before its setter.
            first = functions[0]
            chosen = first if "property" in decorator_names(first) else functions[-1]
            return FunctionRef(chosen, self._expressions.kind(chosen))
        inner = cls.classes.get(attr)
        if inner is not None:
            return ClassRef(inner)
        bindings = cls.body.bindings.get(attr)
        if bindings:
            return agreed([self._expressions.binding(cls.outer, attr, binding, depth) for binding in bindings])
        return self.inherited(cls, attr, depth)

    def inherited(self, cls: Class, attr: str, depth: int = 0) -> Value | None:
        """Return what the bases of a class define under a name."""
        if depth > _MAX_DEPTH:
            return None
        for base in self.bases(cls, depth):
            if isinstance(base, ClassRef) and base.cls is not cls:
                found = self.get(base.cls, attr, depth + 1)
            elif isinstance(base, Runtime):
                found = Runtime(f"{base.name}.{attr}") if base.name == "DBOS" else None
            elif isinstance(base, External) and not base.name.startswith(_NO_BASES):
                found = External(external.normal(f"{base.name}().{attr}"))
            else:
                found = None
            if found is not None:
                return found
        return None

    def bases(self, cls: Class, depth: int = 0) -> list[Value]:
        """Return the bases of a class as far as they are known."""
        found: list[Value] = []
        for node in cls.node.bases:
            head = node.value if isinstance(node, ast.Subscript) else node
            value = self._expressions.evaluate(head, cls.outer, depth + 1)
            if value is not None:
                found.append(value)
        return found

    def _assigned_attribute(self, cls: Class, attr: str, depth: int) -> Value | None:
        """Return what methods of a class, or of its bases, assign to ``self.attr``."""
        values: list[Value | None] = []
        expected: list[Value | None] = []
        for functions in cls.methods.values():
            for method in functions:
                receiver = method.positional[0].arg if method.positional else None
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
                        if declared is None and value is not None:
                            declared = self._expressions.evaluate(value, method, depth)
                        values.append(declared)
        if values or expected:
            return agreed(values or expected)
        for base in self.bases(cls, depth):
            if isinstance(base, ClassRef) and base.cls is not cls:
                found = self._instance_attribute(base.cls, None, attr, depth + 1)
                if found is not None:
                    return found
        return None


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
