"""The functions and classes of a module as the rules see them, nested ones and lambdas included."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import FunctionNode
from dbos_gen.syntax.body import Binding, BindingForm, Body, read_body

MODULE_BODY = "<module>"
AnyFunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class FunctionKind(enum.Enum):
    """What the runtime makes of a function."""

    WORKFLOW = "workflow"
    STEP = "step"
    TRANSACTION = "transaction"
    PLAIN = "plain"
    MODULE = "module"
    """The body of a module, which runs when it is imported."""

    @property
    def is_recorded(self) -> bool:
        """Whether calls of the function are recorded."""
        return self in (FunctionKind.WORKFLOW, FunctionKind.STEP, FunctionKind.TRANSACTION)


@dataclass(eq=False)
class Class:
    """A class statement; ``path`` is its qualified name inside the module, ``outer`` the function around it."""

    source: Source
    node: ast.ClassDef
    path: str
    outer: Function

    def __repr__(self) -> str:
        return f"<class {self.source.name}:{self.path}>"

    @cached_property
    def body(self) -> Body:
        """What the class body says itself, without the bodies of its methods."""
        return read_body(self.node.body)

    @cached_property
    def scope(self) -> Function:
        """The class body as a place in which names are looked up: its own, and then those around the class."""
        # The functions that it defines are methods, and each is represented once: by whoever comes first.
        _ = self.methods
        module = ast.Module(body=self.node.body, type_ignores=[])
        return Function(
            source=self.source, node=module, qualname=self.path, owner=None, outer=self.outer, unit=self.outer.unit
        )

    @cached_property
    def methods(self) -> dict[str, list[Function]]:
        """The functions that the class body defines, by name; several where it defines a name repeatedly."""
        found: dict[str, list[Function]] = {}
        for node in self.body.functions:
            method = self.outer.unit.function(node, owner=self, outer=self.outer)
            found.setdefault(node.name, []).append(method)
        return found

    @cached_property
    def classes(self) -> dict[str, Class]:
        """The classes that the class body defines."""
        return {
            node.name: Class(source=self.source, node=node, path=f"{self.path}.{node.name}", outer=self.outer)
            for node in self.body.classes
        }


@dataclass(eq=False)
class Function:
    """A function, a lambda, or the body of a module.

    ``owner`` is the class whose body defines it, ``outer`` the function whose body does (the module's body for a
    function of the module, None for the module's body itself).
    """

    source: Source
    node: AnyFunctionNode | ast.Module
    qualname: str
    owner: Class | None
    outer: Function | None
    unit: ModuleFunctions = field(repr=False)

    @property
    def name(self) -> str:
        """The last part of the qualified name."""
        return self.qualname.rpartition(".")[2]

    @property
    def is_async(self) -> bool:
        """Whether calling it gives a coroutine (or an asynchronous generator)."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def is_generator(self) -> bool:
        """Whether the body yields."""
        return self.body.has_yield

    @property
    def is_module(self) -> bool:
        """Whether this is the body of a module."""
        return isinstance(self.node, ast.Module)

    @property
    def line(self) -> int:
        """The line of ``def``."""
        return 1 if isinstance(self.node, ast.Module) else self.node.lineno

    @property
    def decorators(self) -> list[ast.expr]:
        """The decorators, the outermost first."""
        return self.node.decorator_list if isinstance(self.node, FunctionNode) else []

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names that the function binds itself; those it takes from around it not."""
        names = {*self.body.bindings, *(parameter.arg for parameter in self.parameters)}
        return frozenset(names - self.body.global_names - self.body.nonlocal_names)

    @cached_property
    def parameters(self) -> list[ast.arg]:
        """All parameters in order, those of ``*args`` and ``**kwargs`` last."""
        if isinstance(self.node, ast.Module):
            return []
        rest = [argument for argument in (self.node.args.vararg, self.node.args.kwarg) if argument is not None]
        return [*self.named, *rest]

    @property
    def named(self) -> list[ast.arg]:
        """The parameters that are given one argument each, the receiver of a method included."""
        return [] if isinstance(self.node, ast.Module) else [*self.positional, *self.node.args.kwonlyargs]

    @property
    def positional(self) -> list[ast.arg]:
        """The parameters that may be given by position, the receiver of a method included."""
        return [] if isinstance(self.node, ast.Module) else [*self.node.args.posonlyargs, *self.node.args.args]

    @cached_property
    def defaults(self) -> dict[str, ast.expr]:
        """The default of each parameter that has one."""
        if isinstance(self.node, ast.Module):
            return {}
        arguments = self.node.args
        pairs = [
            *zip(reversed(self.positional), reversed(arguments.defaults), strict=False),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        return {parameter.arg: default for parameter, default in pairs if default is not None}

    @cached_property
    def body(self) -> Body:
        """What the body says, without the bodies of the functions, lambdas and classes in it."""
        if isinstance(self.node, ast.Lambda):
            return read_body([ast.copy_location(ast.Expr(self.node.body), self.node.body)], returns=self.node.body)
        return read_body(self.node.body)

    @cached_property
    def nested(self) -> dict[str, list[Function]]:
        """The functions defined in the body, by name."""
        found: dict[str, list[Function]] = {}
        for node in self.body.functions:
            found.setdefault(node.name, []).append(self.unit.function(node, owner=None, outer=self))
        return found

    @cached_property
    def classes(self) -> dict[str, Class]:
        """The classes defined in the body."""
        prefix = "" if self.is_module else f"{self.qualname}.<locals>."
        return {
            node.name: Class(source=self.source, node=node, path=f"{prefix}{node.name}", outer=self)
            for node in self.body.classes
        }

    @property
    def is_abstract(self) -> bool:
        """Whether the body says nothing but that derived classes have such a method."""
        return isinstance(self.node, FunctionNode) and all(
            isinstance(statement, ast.Pass | ast.Raise)
            or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
            for statement in self.node.body
        )

    @property
    def definition(self) -> Function:
        """The function itself, for one of its calls too."""
        return self

    def __repr__(self) -> str:
        return f"<{self.source.name}:{self.qualname}>"


class ModuleFunctions:
    """One module: its body as a function, and every function in it, each represented once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._functions: dict[ast.AST, Function] = {}
        self.module = Function(source=source, node=source.tree, qualname=MODULE_BODY, owner=None, outer=None, unit=self)

    def function(self, node: AnyFunctionNode, *, owner: Class | None, outer: Function) -> Function:
        """Return the function of a node; the same object every time."""
        found = self._functions.get(node)
        if found is None:
            name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
            if owner is not None:
                qualname = f"{owner.path}.{name}"
            else:
                qualname = name if outer.is_module else f"{outer.qualname}.<locals>.{name}"
            found = self._functions[node] = Function(
                source=self.source, node=node, qualname=qualname, owner=owner, outer=outer, unit=self
            )
        return found

    def known(self, node: ast.AST) -> Function | None:
        """Return the function of a ``def`` of the module; None for other nodes."""
        return self._functions.get(node) if self.functions else None

    @cached_property
    def imported_names(self) -> frozenset[str]:
        """The names that imports bind anywhere in the module."""
        bodies = (self.module.body, *(function.body for function in self.functions))
        return frozenset(
            name
            for body in bodies
            for name, bindings in body.bindings.items()
            if any(binding.how is BindingForm.IMPORTED for binding in bindings)
        )

    @cached_property
    def rebound(self) -> dict[str, list[tuple[Function, Binding]]]:
        """What functions bind names of the module to, under ``global``."""
        found: dict[str, list[tuple[Function, Binding]]] = {}
        for function in self.functions:
            for name in function.body.global_names:
                places = [(function, binding) for binding in function.body.bindings.get(name, [])]
                found.setdefault(name, []).extend(places)
        return found

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """Every class of the module, at any depth outside functions."""
        return tuple(_classes(self.module.classes))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every ``def`` of the module at any depth in the order of the source; lambdas and the module's body not."""
        found: list[Function] = []
        pending: list[Function | Class] = [self.module]
        while pending:
            place = pending.pop()
            inner = place.methods if isinstance(place, Class) else place.nested
            for functions in inner.values():
                found.extend(functions)
                pending.extend(functions)
            pending.extend(place.classes.values())
        return tuple(sorted(found, key=lambda function: function.line))


def _classes(classes: dict[str, Class]) -> Iterator[Class]:
    for found in classes.values():
        yield found
        yield from _classes(found.classes)
