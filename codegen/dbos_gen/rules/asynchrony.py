"""dbos-async: what blocks the event loop of a coroutine workflow, and coroutines that nobody awaits."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from dbos_gen.program.program import Program
from dbos_gen.program.reach.calls import Edge
from dbos_gen.program.reach.reach import Mark, Reach, chain_finding, direct_finding, shown
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import Coroutine, External, FunctionRef, Runtime, Value
from dbos_gen.rules.context import is_handler
from dbos_gen.rules.workflows import ASYNC_STARTERS, started
from dbos_gen.sources.project import Source
from dbos_gen.syntax.body import BindingForm
from dbos_gen.vocabulary.findings import Finding, Rule
from dbos_gen.vocabulary.operations import ASYNC_SUFFIX, WORKFLOW_ONLY, has_coroutine_form

_GATHERED = External("asyncio.gather()")
_ON_HANDLE = {"WorkflowHandle().get_result": "get_result", "WorkflowHandle().get_status": "get_status"}


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the findings of one module."""
    reach = _reach(program)
    for function in program.functions(source):
        if _runs_on_the_loop_of_a_workflow(program, function):
            for mark in reach.direct(function):
                yield direct_finding(mark, Rule.ASYNC)
            for edge, reached in reach.through(function, lambda mark: not _is_wrong_anywhere(mark)):
                yield chain_finding(function, edge, reached, Rule.ASYNC)
        elif function.is_async and program.kind(function) is FunctionKind.PLAIN and not is_handler(program, function):
            for mark in reach.direct(function, _is_wrong_anywhere):
                yield direct_finding(mark, Rule.ASYNC)
        yield from _forgotten(program, function)
        yield from _started(program, function)
    module = program.module_body(source)
    yield from _forgotten(program, module)
    yield from _started(program, module)


# --- blocking ---------------------------------------------------------------------------------------------------------


def _runs_on_the_loop_of_a_workflow(program: Program, function: Function) -> bool:
    """Whether this is a coroutine workflow, or a coroutine function defined in one."""
    if not function.is_async:
        return False
    place: Function | None = function
    while place is not None:
        kind = program.kind(place)
        if kind is not FunctionKind.PLAIN:
            return kind is FunctionKind.WORKFLOW and place.is_async
        place = place.outer
    return False


def _is_wrong_anywhere(mark: Mark) -> bool:
    """Whether a coroutine function blocks with what only workflows may call: then it is wrong whoever calls it."""
    name = mark.phrase.removeprefix("calls `DBOS.").removesuffix("()`")
    return mark.function.is_async and name in WORKFLOW_ONLY


def _reach(program: Program) -> Reach:
    return program.reach(Rule.ASYNC, lambda function: marks(program, function), follows=_is_on_same_thread)


def _is_on_same_thread(edge: Edge) -> bool:
    return not edge.in_thread


def marks(program: Program, function: Function) -> list[Mark]:
    """Return the blocking operations that a function calls itself."""
    return program.marks(Rule.ASYNC, function, lambda: list(_blocking(program, function)))


def _blocking(program: Program, function: Function) -> Iterator[Mark]:
    for use in program.calls.of(function).uses:
        if not use.is_call or not isinstance(use.value, Runtime):
            continue
        name = use.value.name
        if name in _ON_HANDLE:
            method = _ON_HANDLE[name]
            yield _mark(
                function,
                use.node,
                f"handle.{method}",
                f"take the handle from a method that ends in `_async`, and write `await handle.{method}()`",
            )
        elif has_coroutine_form(name):
            shown_name = name.replace("Queue()", "Queue")
            method = name.rpartition(".")[2]
            word = "async for" if method == "read_stream" else "await"
            receiver = "DBOS" if name.startswith("DBOS.") else "queue"
            yield _mark(function, use.node, shown_name, f"write `{word} {receiver}.{method}{ASYNC_SUFFIX}(...)`")
        elif name in ("WorkflowRef().start", "WorkflowRef().enqueue"):
            method = name.rpartition(".")[2]
            remedy = "make the workflow that is started an `async def`, whose reference has coroutines"
            yield _mark(function, use.node, f"workflow.{method}", remedy)


def _mark(function: Function, node: ast.expr, name: str, hint: str) -> Mark:
    reason = "blocks the event loop of a coroutine workflow, and the runtime refuses it there"
    return Mark(
        function=function,
        node=node,
        phrase=f"calls `{name}()`",
        text=f"`{name}()` {reason}",
        reason=f"that {reason}",
        hint=hint,
    )


# --- starting ---------------------------------------------------------------------------------------------------------


def _started(program: Program, function: Function) -> Iterator[Finding]:
    for start in started(program, function):
        value = start.value
        if start.name not in ASYNC_STARTERS or not isinstance(value, FunctionRef):
            continue
        if value.kind is FunctionKind.WORKFLOW and not value.function.is_async:
            blocking = start.shown.removesuffix(ASYNC_SUFFIX)
            yield Finding(
                path=function.source.path,
                line=start.node.lineno,
                column=start.node.col_offset,
                code=Rule.ASYNC.value,
                text=f"`{start.shown}()` starts coroutine workflows, and `{shown(value.function)}` is not one",
                hint=f"write it with `async def`, or start it with `{blocking}()`",
            )


# --- forgotten await --------------------------------------------------------------------------------------------------


def _forgotten(program: Program, function: Function) -> Iterator[Finding]:
    for statement in function.body.statements:
        if isinstance(statement.value, ast.Call):
            value = program.value(statement.value, function)
            if isinstance(value, Coroutine) and _is_ours(program, value.of, function):
                yield _finding(function, statement.value, value.of, "is never awaited, so it does not run")
            elif value == _GATHERED and _gathers_ours(program, statement.value, function):
                yield _finding(function, statement.value, External("asyncio.gather"), "is never awaited")
    for tested in function.body.tested:
        call = tested.operand if isinstance(tested, ast.UnaryOp) else tested
        if isinstance(call, ast.Call):
            value = program.value(call, function)
            if isinstance(value, Coroutine) and _is_ours(program, value.of, function):
                yield _finding(function, call, value.of, "is not awaited, so the condition is always true")
    yield from _never_used(program, function)


def _gathers_ours(program: Program, call: ast.Call, function: Function) -> bool:
    values = [program.value(argument, function) for argument in call.args]
    return any(isinstance(value, Coroutine) and _is_ours(program, value.of, function) for value in values)


def _never_used(program: Program, function: Function) -> Iterator[Finding]:
    if function.is_module:
        return
    for name, bindings in function.body.bindings.items():
        if name in function.body.global_names or name in function.body.nonlocal_names:
            continue
        calls = [b.value for b in bindings if b.how is BindingForm.ASSIGNED and isinstance(b.value, ast.Call)]
        if not calls or _is_read(name, function):
            continue
        for call in calls:
            value = program.value(call, function)
            if isinstance(value, Coroutine) and _is_ours(program, value.of, function):
                yield _finding(function, call, value.of, f"is never awaited: nothing uses `{name}`")


def _is_read(name: str, function: Function) -> bool:
    if any(each.id == name for each in function.body.names):
        return True
    inner = [each for functions in function.nested.values() for each in functions]
    lambdas = [function.unit.function(node, owner=None, outer=function) for node in function.body.lambdas]
    methods = [each for cls in function.classes.values() for functions in cls.methods.values() for each in functions]
    return any(_is_read(name, each) for each in (*inner, *lambdas, *methods))


def _is_ours(program: Program, of: Value, function: Function) -> bool:
    """Whether a coroutine is the runtime's, of a recorded function, or made where only its await makes sense."""
    if isinstance(of, Runtime):
        return True
    if not isinstance(of, FunctionRef):
        return False
    place: Function | None = function
    while place is not None:
        if program.kind(place).is_recorded:
            return True
        place = place.outer
    return of.kind.is_recorded


def _finding(function: Function, call: ast.Call, of: Value, problem: str) -> Finding:
    name = ast.unparse(call.func)
    hint = f"write `await {name}(...)`"
    if isinstance(of, Runtime) and not function.is_async and not function.is_module:
        hint = f"write `{name.removesuffix(ASYNC_SUFFIX)}(...)`, which blocks, or make this an `async def` and await it"
    return Finding(
        path=function.source.path,
        line=call.lineno,
        column=call.col_offset,
        code=Rule.ASYNC.value,
        text=f"the coroutine of `{name}()` {problem}",
        hint=hint,
    )
