"""dbos-workflow: a step, a transaction or a plain function where a workflow is needed."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dbos_gen.program.program import Program
from dbos_gen.program.reach.reach import shown
from dbos_gen.python.scopes.resolution import dotted
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import ClassRef, External, FunctionRef, Partial, Runtime, Value
from dbos_gen.rules.addressing.registries import Registries
from dbos_gen.sources.project import Source
from dbos_gen.syntax.body import BindingForm
from dbos_gen.vocabulary.findings import Finding, Rule

ASYNC_STARTERS = frozenset({"DBOS.start_workflow_async", "Queue().enqueue_async"})
_STARTERS = ASYNC_STARTERS | {"DBOS.start_workflow", "Queue().enqueue"}
_NAMING = frozenset(
    f"DBOS.{method}{suffix}"
    for method in ("retrieve_workflow", "resume_workflow", "restart_workflow", "fork_workflow")
    for suffix in ("", "_async")
)
_METHODS = frozenset(name.rpartition(".")[2] for name in _STARTERS | _NAMING)
# Decorators outside the project below or above which a plain function stays one.
_KEEPING_PLAIN = frozenset({"builtins.staticmethod", "builtins.classmethod", "functools.lru_cache", "functools.cache"})


_WORKFLOW = Runtime("Workflow()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A place where a workflow is named: ``node`` is the argument, ``value`` what it stands for."""

    name: str
    node: ast.expr
    value: Value | None

    @property
    def shown(self) -> str:
        """The called method as messages name it."""
        return self.name.replace("Queue()", "Queue")


def started(program: Program, function: Function) -> Iterator[Start]:
    """Yield the workflows that a function starts, enqueues or names in ``workflow=``."""
    for call in function.body.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in _METHODS:
            continue
        called = program.callee(call, function)
        if not isinstance(called, Runtime):
            continue
        given: ast.expr | None = None
        if called.name in _STARTERS and call.args and not isinstance(call.args[0], ast.Starred):
            given = call.args[0]
        elif called.name in _NAMING:
            given = next((word.value for word in call.keywords if word.arg == "workflow"), None)
        if given is not None:
            yield Start(name=called.name, node=given, value=program.value(given, function))


def _passed_on(program: Program, function: Function) -> Iterator[Start]:
    """Yield what a function gives to parameters of the project that are annotated as workflows."""
    for call in function.body.calls:
        if not any(_may_name_a_function(argument, function) for argument in call.args):
            continue
        called = program.callee(call, function)
        if not isinstance(called, FunctionRef):
            continue
        target = called.function
        parameters = target.positional[1 if called.is_bound else 0 :]
        for parameter, argument in zip(parameters, call.args, strict=False):
            if parameter.annotation is None or not isinstance(argument, ast.Name | ast.Attribute):
                continue
            if program.evaluator.annotated(parameter.annotation, target.outer or target) == _WORKFLOW:
                yield Start(name=shown(target), node=argument, value=program.value(argument, function))


def _may_name_a_function(node: ast.expr, function: Function) -> bool:
    """Whether an argument starts at something that the module defines or imports, not at a variable."""
    name = dotted(node)
    if name is None or (not function.is_module and name[0] in function.own_names):
        return False
    bindings = function.unit.module.body.bindings.get(name[0], [])
    return any(binding.how in (BindingForm.DEFINED, BindingForm.IMPORTED) for binding in bindings)


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the findings of one module."""
    for function in (program.module_body(source), *program.functions(source)):
        for start in (*started(program, function), *_passed_on(program, function)):
            what = _no_workflow(program, start.value)
            if what is not None:
                text, hint = what
                yield Finding(
                    path=source.path,
                    line=start.node.lineno,
                    column=start.node.col_offset,
                    code=Rule.WORKFLOW.value,
                    text=f"`{start.shown}()` needs a workflow, and {text}",
                    hint=hint,
                )


def may_be_looked_up(program: Program, source: Source, line: int, column: int) -> bool:
    """Whether what stands at a place is looked up, and may be a workflow whatever its type says."""
    registries = Registries(program, lambda value: _no_workflow(program, value) is not None)
    return registries.may_give_a_workflow(source, line, column)


def _no_workflow(program: Program, value: Value | None) -> tuple[str, str] | None:
    """Return what a value is instead of a workflow, and what to do; None when it may be one."""
    decorate = "decorate it with @DBOS.workflow(), or call it directly"
    match value:
        case FunctionRef(function, FunctionKind.STEP | FunctionKind.TRANSACTION as kind):
            hint = f"call the {kind.value} directly, or start a workflow that calls it"
            return f"`{shown(function)}` is a {kind.value}", hint
        case FunctionRef(function, FunctionKind.PLAIN) if _is_surely_plain(program, function):
            named = "this is a lambda" if function.name == "<lambda>" else f"`{shown(function)}` is a plain function"
            return named, decorate
        case ClassRef(cls):
            return f"`{cls.node.name}` is a class", decorate
        case External(name) if name.startswith("builtins.") and not name.endswith("()"):
            return f"`{name.removeprefix('builtins.')}` is a builtin", decorate
        case Partial():
            hint = "give the workflow itself and its arguments"
            return "a functools.partial hides arguments that would not be stored", hint
        case _:
            return None


def _is_surely_plain(program: Program, function: Function) -> bool:
    for decorator in function.decorators:
        value = program.evaluator.decorator_value(decorator, function)
        if not isinstance(value, External) or value.name not in _KEEPING_PLAIN:
            return False
    return True
