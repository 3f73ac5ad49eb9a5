"""What a function does when it runs: what it uses, and which functions of the project it runs in turn."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Class, Function, FunctionKind
from dbos_gen.python.values.values import (
    ClassRef,
    Coroutine,
    External,
    FunctionRef,
    InstanceRef,
    OneOf,
    Partial,
    ProjectModule,
    Runtime,
    Value,
)
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project
from dbos_gen.syntax.body import iterated

_RUNS_ARGUMENTS = frozenset(
    {
        "builtins.map", "builtins.filter", "builtins.sorted", "builtins.min", "builtins.max", "builtins.iter",
        "builtins.list().sort", "functools.reduce", "itertools.groupby", "itertools.takewhile", "itertools.dropwhile",
        "itertools.filterfalse", "itertools.starmap", "itertools.accumulate", "collections.defaultdict",
        "asyncio.get_running_loop().call_soon", "asyncio.get_event_loop().call_soon", "contextlib.ExitStack().callback",
        "asyncio.run", "asyncio.create_task", "asyncio.gather",
    }
)  # fmt: skip
_RUNS_IN_THREADS = frozenset(
    {
        "asyncio.to_thread", "threading.Thread", "threading.Timer", "multiprocessing.Process",
        "concurrent.futures.ThreadPoolExecutor().submit", "concurrent.futures.ThreadPoolExecutor().map",
        "concurrent.futures.ProcessPoolExecutor().submit", "concurrent.futures.ProcessPoolExecutor().map",
        "concurrent.futures.Executor().submit", "concurrent.futures.Executor().map", "multiprocessing.Pool().map",
        "asyncio.get_running_loop().run_in_executor", "asyncio.get_event_loop().run_in_executor",
        "anyio.to_thread.run_sync",
    }
)  # fmt: skip
_OF_CONTEXT = ("__enter__", "__exit__", "__aenter__", "__aexit__")
_OF_NEW_OBJECTS = ("__new__", "__init__", "__post_init__")
_MAX_BASES = 10
_PROPERTIES = {"property", "cached_property"}


@dataclass(frozen=True, slots=True)
class Use:
    """A call or a read of something that is not followed; ``is_call`` tells which."""

    node: ast.expr
    value: External | Runtime | FunctionRef
    is_call: bool
    argument_count: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A place where a function runs another one; ``in_thread`` when not on the caller's thread.

    ``call`` is the call whose arguments are the other function's; ``is_bound`` when its receiver is not among them.
    ``receiver`` is the class of the object on which an inherited method runs, ``own_name`` the name under which a
    method takes another one from its ``self``.
    """

    node: ast.expr
    target: Function
    in_thread: bool = False
    call: ast.Call | None = None
    is_bound: bool = False
    receiver: Class | None = None
    own_name: str | None = None


@dataclass(slots=True)
class Doing:
    """What a function does itself."""

    uses: list[Use] = field(default_factory=list[Use])
    edges: list[Edge] = field(default_factory=list[Edge])


class Calls:
    """Answers what functions do."""

    def __init__(self, project: Project, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._doings: Memory[Function, Doing] = Memory(project)

    def of(self, function: Function) -> Doing:
        """Return what a function does itself."""
        return self._doings.get(function, lambda: self._read(function), Doing)

    def _read(self, function: Function) -> Doing:
        doing = Doing()
        body = function.body
        called = {id(call.func) for call in body.calls}
        for call in body.calls:
            self._call(call, function, doing)
        for attribute in body.attributes:
            if id(attribute) not in called:
                self._attribute(attribute, function, doing)
        imported = function.unit.imported_names
        for name in body.names:
            if name.id in imported and id(name) not in called:
                value = self._evaluator.name(name.id, function)
                if isinstance(value, External):
                    doing.uses.append(Use(name, value, is_call=False))
        for entered in body.entered:
            self._methods(entered, function, doing, _OF_CONTEXT)
        for loop in body.loops:
            for node in iterated(loop):
                self._methods(node, function, doing, ("__iter__", "__next__", "__aiter__", "__anext__"))
        return doing

    # --- calls --------------------------------------------------------------------------------------------------------

    def _call(self, call: ast.Call, function: Function, doing: Doing) -> None:
        called = self._evaluator.evaluate(call.func, function)
        if called is None:
            return
        self._run(called, call, call, function, doing)

    def _run(self, called: Value, node: ast.expr, call: ast.Call, function: Function, doing: Doing) -> None:
        count = len(call.args) + len(call.keywords)
        match called:
            case External(name):
                doing.uses.append(Use(node, called, is_call=True, argument_count=count))
                self._arguments(name, call, function, doing)
            case Runtime():
                doing.uses.append(Use(node, called, is_call=True, argument_count=count))
            case FunctionRef(target, kind, is_bound):
                if kind.is_recorded:
                    doing.uses.append(Use(node, called, is_call=True, argument_count=count))
                else:
                    # What a partial was given before is not among the arguments of this call.
                    is_whole = self._evaluator.evaluate(call.func, function) == called
                    receiver, own_name = self._receiver(call.func, target, function)
                    whole = call if is_whole else None
                    edge = Edge(node, target, call=whole, is_bound=is_bound, receiver=receiver, own_name=own_name)
                    doing.edges.append(edge)
                    self._given_functions(called, call, function, doing)
                doing.edges.extend(Edge(node, wrapper) for wrapper in self.outer_wrappers(target))
            case ClassRef(cls):
                self._new_object(cls, node, call, doing)
            case InstanceRef(cls):
                self._method(cls, "__call__", node, doing)
            case Partial(target):
                self._run(target, node, call, function, doing)
            case OneOf(values):
                for value in values:
                    self._run(value, node, call, function, doing)
            case ProjectModule() | Coroutine():
                pass

    def _new_object(self, cls: Class, node: ast.expr, call: ast.Call, doing: Doing) -> None:
        for name in _OF_NEW_OBJECTS:
            self._method(cls, name, node, doing, call)
        for base in self.external_bases(cls):
            doing.uses.append(Use(node, base, is_call=True, argument_count=len(call.args) + len(call.keywords)))
        for factory in self._default_factories(cls, call):
            value = self._evaluator.evaluate(factory, cls.outer)
            self._run_value(value, node, doing)

    def external_bases(self, cls: Class, depth: int = 0) -> Iterator[External]:
        """Yield the classes outside the project that a class is derived from."""
        for base in self._evaluator.members.bases(cls):
            if isinstance(base, External):
                yield base
            elif isinstance(base, ClassRef) and base.cls is not cls and depth < _MAX_BASES:
                yield from self.external_bases(base.cls, depth + 1)

    def _default_factories(self, cls: Class, call: ast.Call) -> Iterator[ast.expr]:
        """Yield the factories of the fields that a call leaves out."""
        if any(word.arg is None for word in call.keywords) or any(isinstance(arg, ast.Starred) for arg in call.args):
            return
        given = {word.arg for word in call.keywords}
        position = 0
        for statement in cls.node.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            position += 1
            value = statement.value
            if statement.target.id in given or (call.args and position <= len(call.args)):
                continue
            if isinstance(value, ast.Call):
                for word in value.keywords:
                    if word.arg in ("default_factory", "factory"):
                        yield word.value

    def _run_value(self, value: Value | None, node: ast.expr, doing: Doing, *, in_thread: bool = False) -> None:
        """Note that a value is called, by whoever was given it."""
        match value:
            case External():
                doing.uses.append(Use(node, value, is_call=True))
            case FunctionRef(target, kind):
                if kind.is_recorded:
                    doing.uses.append(Use(node, value, is_call=True))
                else:
                    doing.edges.append(Edge(node, target, in_thread=in_thread))
            case Partial(target):
                self._run_value(target, node, doing, in_thread=in_thread)
            case OneOf(values):
                for each in values:
                    self._run_value(each, node, doing, in_thread=in_thread)
            case Runtime(name) if name:
                if not in_thread:
                    doing.uses.append(Use(node, value, is_call=True))
            case _:
                pass

    def _arguments(self, name: str, call: ast.Call, function: Function, doing: Doing) -> None:
        in_thread = name in _RUNS_IN_THREADS
        if not in_thread and name not in _RUNS_ARGUMENTS:
            return
        for argument in (*call.args, *(word.value for word in call.keywords)):
            if isinstance(argument, ast.Name | ast.Attribute | ast.Lambda):
                value = self._evaluator.evaluate(argument, function)
                if isinstance(value, FunctionRef | Partial | Runtime | OneOf) or (
                    isinstance(value, External) and not value.name.endswith("()")
                ):
                    self._run_value(value, argument, doing, in_thread=in_thread)

    def _given_functions(self, called: FunctionRef, call: ast.Call, function: Function, doing: Doing) -> None:
        """Follow functions that are given to a helper which calls that parameter."""
        run = self._called_parameters(called.function)
        if not run:
            return
        parameters = [argument.arg for argument in called.function.positional]
        if called.is_bound and parameters:
            parameters = parameters[1:]
        given = {
            **dict(zip(parameters, call.args, strict=False)),
            **{word.arg: word.value for word in call.keywords if word.arg is not None},
        }
        is_whole = len(given) == len(call.args) + len(call.keywords)
        for name in run:
            argument = given.get(name)
            if isinstance(argument, ast.Name | ast.Attribute | ast.Lambda):
                self._run_value(self._evaluator.evaluate(argument, function), argument, doing)
            elif argument is None and is_whole:
                default = called.function.defaults.get(name)
                if isinstance(default, ast.Name | ast.Attribute | ast.Lambda):
                    outer = called.function.outer or called.function
                    self._run_value(self._evaluator.evaluate(default, outer), call, doing)

    def _called_parameters(self, function: Function) -> frozenset[str]:
        names = {parameter.arg for parameter in function.parameters}
        return frozenset(
            call.func.id for call in function.body.calls if isinstance(call.func, ast.Name) and call.func.id in names
        )

    def _receiver(self, node: ast.expr, target: Function, function: Function) -> tuple[Class | None, str | None]:
        if target.owner is None or not isinstance(node, ast.Attribute):
            return None, None
        own = function.positional[0].arg if function.owner is not None and function.positional else None
        owner = self._evaluator.evaluate(node.value, function)
        receiver = owner.cls if isinstance(owner, InstanceRef | ClassRef) and owner.cls is not target.owner else None
        is_own = own is not None and isinstance(node.value, ast.Name) and node.value.id == own
        return receiver, node.attr if is_own else None

    def overriding(self, edge: Edge, receiver: Class) -> Edge | None:
        """Return the edge that a method has on an object of a derived class; None when it ends at a record there."""
        if edge.own_name is None:
            return edge
        found = self._evaluator.members.get(receiver, edge.own_name)
        if not isinstance(found, FunctionRef) or found.kind.is_recorded:
            return None
        if found.function is edge.target:
            return replace(edge, receiver=receiver)
        return replace(edge, target=found.function, receiver=receiver)

    # --- methods that run without a call ------------------------------------------------------------------------------

    def _attribute(self, node: ast.Attribute, function: Function, doing: Doing) -> None:
        owner = self._evaluator.evaluate(node.value, function)
        if owner is None:
            return
        if isinstance(owner, InstanceRef):
            found = self._evaluator.members.get(owner.cls, node.attr)
            if isinstance(found, FunctionRef) and is_property(found.function):
                receiver, own_name = self._receiver(node, found.function, function)
                doing.edges.append(Edge(node, found.function, receiver=receiver, own_name=own_name))
            return
        value = self._evaluator.members.attribute(owner, node.attr)
        if isinstance(value, External | Runtime):
            doing.uses.append(Use(node, value, is_call=False))

    def _methods(self, node: ast.expr, function: Function, doing: Doing, names: Iterable[str]) -> None:
        value = self._evaluator.evaluate(node, function)
        if isinstance(value, InstanceRef):
            for name in names:
                self._method(value.cls, name, node, doing)

    def _method(self, cls: Class, name: str, node: ast.expr, doing: Doing, call: ast.Call | None = None) -> None:
        found = self._evaluator.members.get(cls, name)
        if isinstance(found, FunctionRef) and not found.kind.is_recorded:
            takes_all = call is not None and name in ("__init__", "__new__")
            doing.edges.append(Edge(node, found.function, call=call if takes_all else None, is_bound=True))

    # --- decorators of the project ------------------------------------------------------------------------------------

    def outer_wrappers(self, function: Function) -> list[Function]:
        """Return what decorators of the project run around a function, outside of the runtime's decorator."""
        return [wrapper for _, wrapper in self._wrappers(function, inside=False)]

    def inner_wrappers(self, function: Function) -> list[tuple[ast.expr, Function]]:
        """Return what decorators of the project run around a function inside of the runtime's decorator."""
        return self._wrappers(function, inside=True)

    def _wrappers(self, function: Function, *, inside: bool) -> list[tuple[ast.expr, Function]]:
        decorators = function.decorators
        if not decorators:
            return []
        kinds = [self._evaluator.decorator_kind(decorator, function) for decorator in decorators]
        border = next((index for index, kind in enumerate(kinds) if kind is not None), None)
        if border is None:
            chosen = [] if inside else decorators
        else:
            chosen = decorators[border + 1 :] if inside else decorators[:border]
        return [(node, wrapper) for node in chosen for wrapper in self._made_wrappers(node, function)]

    def _made_wrappers(self, decorator: ast.expr, function: Function) -> Iterator[Function]:
        value = self._evaluator.decorator_value(decorator, function)
        if isinstance(value, ClassRef):
            found = self._evaluator.members.get(value.cls, "__call__")
            if isinstance(found, FunctionRef):
                yield found.function
        elif isinstance(value, FunctionRef) and value.kind is FunctionKind.PLAIN:
            made = _returned_functions(value.function)
            if isinstance(decorator, ast.Call):
                made = [inner for each in made for inner in _returned_functions(each)]
            yield from made


def is_property(function: Function) -> bool:
    """Whether a method is read like an attribute."""
    for decorator in function.decorators:
        name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", None)
        if name in _PROPERTIES:
            return True
    return False


def _returned_functions(function: Function) -> list[Function]:
    names = {node.id for node in function.body.returned if isinstance(node, ast.Name)}
    return [functions[-1] for name, functions in function.nested.items() if name in names]
