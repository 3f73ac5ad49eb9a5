"""Which functions run once, when the program starts or ends, before or after any workflow."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dbos_gen.program.reach.references import References
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import ClassRef, External, FunctionRef, Runtime
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project

_NAMES = frozenset({"main", "lifespan", "create_app", "make_app", "build_app", "startup", "on_startup", "shutdown"})
_LAUNCHING = frozenset({"DBOS", "DBOS.launch"})
_DECORATORS = frozenset({"classmethod", "staticmethod", "contextmanager", "asynccontextmanager"})
_COMMANDS = frozenset({"command", "group"})
_COMMAND_LINES = ("click.", "typer.", "asyncclick.", "cyclopts.")
_EVENTS = frozenset({"startup", "shutdown"})
_WORDS = frozenset({"lifespan", "on_startup", "on_shutdown"})
"""Arguments that take what runs when a server starts or ends."""
_TESTS = frozenset({"tests", "test", "conftest"})


class Startup:
    """Looks for who calls a function in all modules. Without them, nothing is known to run once."""

    def __init__(self, project: Project, evaluator: Evaluator, references: References | None) -> None:
        self._evaluator = evaluator
        self._references = references
        self._known: Memory[Function, bool] = Memory(project)

    def runs_once(self, function: Function) -> bool:
        """Whether a function runs when the program starts or ends, and at no other time."""
        if function.is_module:
            return True
        return self._known.get(function, lambda: self._runs_once(function), lambda: False)

    def _runs_once(self, function: Function) -> bool:
        if self._evaluator.kind(function) is not FunctionKind.PLAIN:
            return False
        runs = [_is_of_event(each) or self._is_of_command(each, function) for each in function.decorators]
        if not all(ran or _keeps_callers(each) for ran, each in zip(runs, function.decorators, strict=True)):
            return False
        is_named = function.owner is None and function.name in _NAMES
        if is_named or any(runs) or self._launches(function):
            return True
        callers = self._callers(function)
        return bool(callers) and all(map(self.runs_once, callers or ()))

    def _is_of_command(self, decorator: ast.expr, function: Function) -> bool:
        """Whether a decorator makes a function a command of a command line, not one of a bot."""
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        value = self._evaluator.decorator_value(decorator, function)
        if isinstance(value, External):
            return value.name.startswith(_COMMAND_LINES)
        if not isinstance(target, ast.Attribute) or target.attr not in _COMMANDS:
            return False
        group = self._evaluator.evaluate(target.value, function.outer or function)
        return isinstance(group, FunctionRef) and any(
            self._is_of_command(each, group.function) for each in group.function.decorators
        )

    def _launches(self, function: Function) -> bool:
        for call in function.body.calls:
            value = self._evaluator.evaluate(call.func, function)
            if isinstance(value, Runtime) and value.name in _LAUNCHING:
                return True
        return False

    def _callers(self, function: Function) -> list[Function] | None:
        """Return the functions and modules that call a function; None where one may call it at any time."""
        is_made = function.name == "__init__" and function.owner is not None
        name = function.owner.node.name if is_made and function.owner is not None else function.name
        if self._references is None or (name.startswith("__") and name.endswith("__")):
            return None
        found: list[Function] = []
        for module in self._references.modules_with(name):
            unit = self._evaluator.unit(module)
            if unit is None or _is_of_tests(module):
                continue
            # In the body of a class a function may become a method under another name.
            if any(node.id == name for cls in unit.classes for node in cls.body.names):
                return None
            for place in (unit.module, *unit.functions):
                calls = self._calls_in(place, name, function)
                if calls is None or len(calls) > 1 or any(_is_repeated(call, place) for call in calls):
                    return None
                found.extend(place for _ in calls)
        return found

    def _calls_in(self, place: Function, name: str, function: Function) -> list[ast.Call] | None:
        """Return the calls of a function in another one; None where it is kept for later."""
        called = {id(call.func): call for call in place.body.calls}
        handed = {id(node) for call in place.body.calls for node in _handed_to_startup(call)}
        found: list[ast.Call] = []
        for node in _mentioned(place, name):
            if id(node) in handed or not self._is_meant(node, place, function):
                continue
            call = called.get(id(node))
            if call is None:
                return None
            found.append(call)
        is_in_lambda = any(_mentions(node, name) for node in place.body.lambdas)
        return None if is_in_lambda else found

    def _is_meant(self, node: ast.Name | ast.Attribute, place: Function, function: Function) -> bool:
        match self._evaluator.evaluate(node, place):
            case FunctionRef(target):
                return target is function
            case ClassRef(cls):
                return cls is function.owner
            case External() | Runtime():
                return False
            case None:
                return function.owner is not None or isinstance(node, ast.Name)
            case _:
                return False


def is_repeated(node: ast.AST, function: Function, *, rebinds: bool) -> bool:
    """Whether a change stands in a loop that goes on, not in one that only goes through what is to be set."""
    kinds = (ast.While, ast.For, ast.AsyncFor) if rebinds else (ast.While,)
    return any(isinstance(outer, kinds) and _holds(outer, node) for outer in ast.walk(function.node))


def _is_repeated(call: ast.Call, place: Function) -> bool:
    return is_repeated(call, place, rebinds=True)


def _holds(outer: ast.AST, node: ast.AST) -> bool:
    return any(inner is node for inner in ast.walk(outer))


def _mentioned(place: Function, name: str) -> Iterator[ast.Name | ast.Attribute]:
    if name not in place.own_names or place.is_module:
        yield from (node for node in place.body.names if node.id == name)
    yield from (node for node in place.body.attributes if node.attr == name and isinstance(node.ctx, ast.Load))


def _mentions(node: ast.AST, name: str) -> bool:
    return any(name in (getattr(inner, "id", None), getattr(inner, "attr", None)) for inner in ast.walk(node))


def _handed_to_startup(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what is given to a server as something to run when it starts or ends."""
    for word in call.keywords:
        if word.arg in _WORDS:
            yield from word.value.elts if isinstance(word.value, ast.List | ast.Tuple) else [word.value]
    match call:
        case ast.Call(func=ast.Attribute(attr="add_event_handler"), args=[ast.Constant(value=event), handler]):
            if event in _EVENTS:
                yield handler
        case _:
            pass


def _keeps_callers(decorator: ast.expr) -> bool:
    """Whether a decorator leaves it to the callers of a function when it runs."""
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")) in _DECORATORS


def _is_of_event(decorator: ast.expr) -> bool:
    """Whether a decorator is that of what runs when a server starts or ends."""
    match decorator:
        case ast.Call(func=ast.Attribute(attr="on_event"), args=[ast.Constant(value=event)]):
            return event in _EVENTS
        case _:
            return False


def _is_of_tests(module: str) -> bool:
    return any(part in _TESTS or part.startswith("test_") for part in module.split("."))
