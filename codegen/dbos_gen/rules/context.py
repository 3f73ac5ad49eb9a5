"""dbos-context: operations where the runtime refuses them, directly or through helpers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dbos_gen.program.program import Program
from dbos_gen.program.reach.calls import Edge, Use
from dbos_gen.program.reach.reach import Mark, Reach, Reached, chain_finding, direct_finding, shown
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import External, FunctionRef, Runtime
from dbos_gen.sources.project import Source
from dbos_gen.vocabulary.findings import Finding, Rule
from dbos_gen.vocabulary.operations import (
    ASYNC_SUFFIX,
    REFUSED,
    STREAM_WRITERS,
    WORKFLOW_ONLY,
    ExecutionContext,
    Group,
    group_of_call,
    group_of_read,
)

PLACES = {
    FunctionKind.WORKFLOW: ExecutionContext.WORKFLOW,
    FunctionKind.STEP: ExecutionContext.STEP,
    FunctionKind.TRANSACTION: ExecutionContext.TRANSACTION,
}
_HANDLER_PACKAGES = frozenset(
    {
        "fastapi", "starlette", "flask", "quart", "sanic", "litestar", "bottle", "falcon", "robyn", "aiohttp", "typer",
        "click", "cyclopts", "celery", "huey", "dramatiq", "apscheduler", "strawberry", "discord", "slack_bolt",
        "pytest",
    }
)  # fmt: skip
_NOBODY_ASKS = frozenset({Group.WORKFLOW_ONLY, Group.STREAM_WRITER, Group.SESSION})
# What a function that only a workflow or transaction may call has in its body.
_TELLING = frozenset({*WORKFLOW_ONLY, *STREAM_WRITERS, "sql_session"})
_ENDINGS = frozenset({"commit", "rollback", "close", "begin"})
_RUNNERS = frozenset(External(name) for name in ("asyncio.run", "anyio.run", "trio.run", "uvloop.run"))
_SESSION = Runtime("DBOS.sql_session")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OperationMark(Mark):
    """An operation that is refused in some places."""

    group: Group
    name: str


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the findings of one module."""
    module = program.module_body(source)
    entries = _entries(program, module)
    for function in program.functions(source):
        kind = program.kind(function)
        place = PLACES.get(kind)
        if place is not None:
            yield from _in(program, function, place)
            yield from _around(program, function, place)
        elif kind is FunctionKind.PLAIN and (function in entries or is_handler(program, function)):
            yield from _in(program, function, ExecutionContext.OUTSIDE, but=entries)
        elif kind is FunctionKind.PLAIN and program.references is not None and _may_be_unused(function):
            yield from _unused(program, function)
    yield from _in(program, module, ExecutionContext.OUTSIDE, but=entries)


def _reach(program: Program) -> Reach:
    return program.reach(Rule.CONTEXT, lambda function: marks(program, function))


def _in(
    program: Program, root: Function, place: ExecutionContext, *, but: frozenset[Function] = frozenset()
) -> Iterator[Finding]:
    reach = _reach(program)
    wanted = _refused_in(place)
    for mark in reach.direct(root, wanted):
        if isinstance(mark, OperationMark):
            text = f"`{mark.name}` {_reason(mark.group, place, root)}"
            yield direct_finding(mark, Rule.CONTEXT, text=text, hint=_hint(mark, place))
    for edge, reached in reach.through(root, wanted):
        if edge.target not in but:
            yield from _through(root, edge, reached, place)


def _around(program: Program, function: Function, place: ExecutionContext) -> Iterator[Finding]:
    for node, wrapper in program.calls.inner_wrappers(function):
        for reached in _reach(program).below(wrapper):
            if _refused_in(place)(reached.mark):
                yield from _through(function, Edge(node, wrapper), reached, place)
                break


def _through(root: Function, edge: Edge, reached: Reached, place: ExecutionContext) -> Iterator[Finding]:
    mark = reached.mark
    if isinstance(mark, OperationMark):
        reason = f"that {_reason(mark.group, place, root)}"
        yield chain_finding(root, edge, reached, Rule.CONTEXT, reason=reason, hint=_hint(mark, place))


def _refused_in(place: ExecutionContext) -> Callable[[Mark], bool]:
    return lambda mark: isinstance(mark, OperationMark) and place in REFUSED[mark.group]


# --- what a function does ---------------------------------------------------------------------------------------------


def marks(program: Program, function: Function) -> list[Mark]:
    """Return the operations that a function does itself."""
    return program.marks(Rule.CONTEXT, function, lambda: list(_marks(program, function)))


def _marks(program: Program, function: Function) -> Iterator[Mark]:
    for use in program.calls.of(function).uses:
        found = _group(use)
        if found is not None:
            group, name = found
            verb = "calls" if use.is_call else "reads"
            yield _mark(function, use.node, group, name, f"{verb} `{name}`")
    if any(attribute.attr == "sql_session" for attribute in function.body.attributes):
        for call in function.body.calls:
            yield from _session_given(program, call, function)


def _mark(function: Function, node: ast.expr, group: Group, name: str, phrase: str) -> OperationMark:
    return OperationMark(
        function=function, node=node, phrase=phrase, text="", reason="", hint="", group=group, name=name
    )


def _group(use: Use) -> tuple[Group, str] | None:
    match use.value:
        case Runtime(name):
            group = group_of_call(name) if use.is_call else group_of_read(name)
            return None if group is None else (group, f"{_shown_operation(name)}()" if use.is_call else name)
        case FunctionRef(target, FunctionKind.WORKFLOW) if use.is_call:
            return Group.WORKFLOW_CALL, f"{shown(target)}()"
        case FunctionRef(target, FunctionKind.TRANSACTION) if use.is_call:
            return Group.TRANSACTION_CALL, f"{shown(target)}()"
        case _:
            return None


def _shown_operation(name: str) -> str:
    owner, _, method = name.rpartition(".")
    if owner == "Queue()":
        return f"Queue.{method}"
    if owner.startswith("WorkflowHandle"):
        return f"handle.{method}"
    return f"workflow.{method}" if owner.startswith("WorkflowRef") else name


def _session_given(program: Program, call: ast.Call, function: Function) -> Iterator[Mark]:
    """Yield where the transaction's session is given to a helper that ends the transaction."""
    if not any(_is_dotted(argument) for argument in (*call.args, *(word.value for word in call.keywords))):
        return
    called = program.callee(call, function)
    if not isinstance(called, FunctionRef) or called.kind.is_recorded:
        return
    parameters = [argument.arg for argument in called.function.positional][1 if called.is_bound else 0 :]
    given = [*zip(parameters, call.args, strict=False), *((word.arg, word.value) for word in call.keywords)]
    for name, argument in given:
        if _is_dotted(argument) and program.value(argument, function) == _SESSION:
            for inner in called.function.body.calls:
                match inner.func:
                    case ast.Attribute(value=ast.Name(id=receiver), attr=method) if (
                        receiver == name and method in _ENDINGS
                    ):
                        shown_call = f"DBOS.sql_session.{method}()"
                        phrase = f"calls `{shown(called.function)}`, which calls `{receiver}.{method}()` on the session"
                        yield _mark(function, call, Group.ENDING, shown_call, phrase)
                    case _:
                        pass


def _is_dotted(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute)


# --- what runs outside of any workflow --------------------------------------------------------------------------------


def _entries(program: Program, module: Function) -> frozenset[Function]:
    """Return the functions that only the module itself runs, when it is imported or run as a script."""
    found = {
        edge.target: None for edge in program.calls.of(module).edges if _is_named_only_in(edge.target, module, module)
    }
    for function in module.nested.get("main", ()):
        if program.references is not None and not function.decorators and not program.references.is_referred(function):
            found[function] = None
    for entry in list(found):
        for call in entry.body.calls:
            if program.callee(call, entry) in _RUNNERS and call.args and isinstance(call.args[0], ast.Call):
                target = program.callee(call.args[0], entry)
                if isinstance(target, FunctionRef) and _is_named_only_in(target.function, entry, module):
                    found[target.function] = None
    return frozenset(found)


def _is_named_only_in(target: Function, place: Function, module: Function) -> bool:
    """Whether a function of the module is mentioned in one place only."""
    if target.unit is not module.unit or target.owner is not None or target.outer is not module:
        return False
    others = (each for each in (module, *module.unit.functions) if each not in (target, place))
    return not any(target.name == name.id for each in others for name in each.body.names)


def is_handler(program: Program, function: Function) -> bool:
    """Whether a framework runs the function, which is no workflow then: a web handler, a command, a test."""
    if function.name.startswith("test_") and function.source.name.rpartition(".")[2].startswith("test_"):
        return True
    for decorator in function.decorators:
        value = program.evaluator.decorator_value(decorator, function)
        if isinstance(value, External) and value.name.partition(".")[0] in _HANDLER_PACKAGES:
            return True
    return False


def _may_be_unused(function: Function) -> bool:
    return (
        not function.decorators
        and function.owner is None
        and function.outer is not None
        and function.outer.is_module
        and not function.name.startswith("__")
        and any(attribute.attr.removesuffix(ASYNC_SUFFIX) in _TELLING for attribute in function.body.attributes)
    )


def _unused(program: Program, function: Function) -> Iterator[Finding]:
    if program.references is None:
        return
    for mark in _reach(program).direct(function, _refused_in(ExecutionContext.OUTSIDE)):
        if isinstance(mark, OperationMark) and mark.group in _NOBODY_ASKS:
            if program.references.is_referred(function):
                return
            owner = "transaction" if mark.group is Group.SESSION else "workflow"
            text = f"`{mark.name}` works in a {owner} only, and no {owner} calls `{shown(function)}`"
            yield direct_finding(mark, Rule.CONTEXT, text=text, hint=_hint(mark, ExecutionContext.OUTSIDE))


# --- words ------------------------------------------------------------------------------------------------------------


_REASONS = {
    Group.WORKFLOW_ONLY: "works in a workflow only, and {where}",
    Group.STREAM_WRITER: "works in a workflow or a step only, and {where}",
    Group.STREAM_READER: "gives other values when it runs again, and {where}",
    Group.STARTER: "starts a workflow, and {where}, which may run again and start another",
    Group.WORKFLOW_CALL: "is a workflow, and {where}, which may run again and call it again",
    Group.TRANSACTION_CALL: "is a transaction, and {where}, which may run again and repeat it",
    Group.MANAGEMENT: "is refused in a transaction, and {where}",
    Group.SESSION: "exists in a transaction only, and {where}",
    Group.ENDING: "is refused, because the runtime ends the transaction, and {where}",
    Group.WORKFLOW_VALUE: "has a value in workflows only, and {where}",
}


def _reason(group: Group, place: ExecutionContext, root: Function) -> str:
    where = (
        "this runs outside of any workflow"
        if place is ExecutionContext.OUTSIDE
        else f"`{shown(root)}` is {place.value}"
    )
    return _REASONS[group].format(where=where)


_OUTSIDE_HINTS = {
    "recv": "move it into a workflow, and reach that with DBOS.send()",
    "set_event": "move it into the workflow whose event it is",
    "sleep": "use time.sleep(), or move it into a workflow",
}


def _hint(mark: OperationMark, place: ExecutionContext) -> str:
    match mark.group:
        case Group.WORKFLOW_ONLY if place is ExecutionContext.OUTSIDE:
            method = mark.name.removeprefix("DBOS.").removesuffix("()").removesuffix("_async")
            return _OUTSIDE_HINTS.get(method, "move it into a function decorated with @DBOS.workflow()")
        case Group.STREAM_WRITER if place is ExecutionContext.OUTSIDE:
            return "move it into a function decorated with @DBOS.workflow()"
        case Group.STREAM_READER:
            return "read the stream in a function decorated with @DBOS.step() and return what you need"
        case Group.SESSION:
            return "move the SQL into a function decorated with @DBOS.transaction()"
        case Group.ENDING:
            return "return to commit, raise to roll back, or use DBOS.sql_session.begin_nested() for a savepoint"
        case Group.WORKFLOW_VALUE:
            return "read it in a workflow, or use the workflow_id of the handle"
        case Group.MANAGEMENT:
            return "call it in the workflow, before or after the transaction"
        case _:
            return "call it in the workflow, before or after"
