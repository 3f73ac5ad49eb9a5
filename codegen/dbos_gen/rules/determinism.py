"""dbos-deterministic: what gives another answer when a workflow is recovered, in workflows and what they call."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dbos_gen.program.program import Program
from dbos_gen.program.reach.calls import Edge, Use
from dbos_gen.program.reach.pure_expressions import VALUES
from dbos_gen.program.reach.reach import Mark, Reached, chain_finding, direct_finding, shown
from dbos_gen.program.reach.shared_state import VariableChange
from dbos_gen.program.reach.value_flow import Flow, after
from dbos_gen.program.set_order import is_set, taken_elements, unordered_loops
from dbos_gen.python.values.functions import Function, FunctionKind
from dbos_gen.python.values.values import External
from dbos_gen.sources.project import Source
from dbos_gen.vocabulary import nondeterminism
from dbos_gen.vocabulary.findings import Finding, Rule
from dbos_gen.vocabulary.libraries import SEEDED
from dbos_gen.vocabulary.nondeterminism import Nondeterminism

# Without an argument, these are about now; with one, about the argument.
_ABOUT_NOW = {"time.localtime": 0, "time.gmtime": 0, "time.ctime": 0, "time.strftime": 1, "email.utils.localtime": 0}
_WAIT = "asyncio.wait"
_TOLD = "only people read it here: leave it to the logger, take it from a step, or let it be"
_HASH = Nondeterminism(
    reason="gives another number in every process, because the hashes of strings are randomised",
    remedy="use a digest of hashlib instead",
)
_ADDRESS = Nondeterminism(
    reason="is the address of an object, which is another one when the workflow is recovered",
    remedy="use an id of your own, or DBOS.workflow_id",
)
_RESOURCES = frozenset({nondeterminism.DATABASE, nondeterminism.NETWORK, nondeterminism.THREADS})
_MAKING = frozenset(
    {
        "connect", "connect_robust", "create_pool", "create_engine", "create_async_engine", "create_connection",
        "create_redis_pool", "insecure_channel", "secure_channel", "open_connection", "ThreadPoolExecutor",
        "ProcessPoolExecutor", "sessionmaker", "async_sessionmaker", "from_url", "client", "resource",
    }
)  # fmt: skip
"""What makes something that is kept: a pool, a connection, a client."""
_VALUES = VALUES | {_HASH, _ADDRESS, nondeterminism.SEEDED_BY_TIME}


def check(program: Program, source: Source) -> Iterable[Finding]:
    """Yield the findings in the workflows of one module."""
    reach = program.reach(
        Rule.DETERMINISTIC,
        lambda function: marks(program, function),
        # What the configuration says of a function counts, not what the function does.
        follows=lambda edge: not program.sources.is_declared(_full_name(edge.target)),
        flows=program.flows,
    )
    for function, kind in program.recorded(source):
        if kind is not FunctionKind.WORKFLOW:
            continue
        for mark in reach.direct(function):
            flow = program.flows.of(mark.node, mark.function) if mark.is_followed else Flow.USED
            rule = _rule(mark, flow)
            if rule is not None:
                yield direct_finding(mark, rule, hint=_hint(mark, rule))
        for caller, edge, below in reach.calls(function):
            for reached, rule in _nearest(program, caller, edge, below):
                yield chain_finding(function, edge, reached, rule, hint=_hint(reached.mark, rule))
        for node, wrapper in program.calls.inner_wrappers(function):
            for reached, rule in _worst((each, _rule(each.mark, each.flow)) for each in reach.below(wrapper)):
                yield program.decorator_finding(function, node, reached, rule)


def _rule(mark: Mark, flow: Flow) -> Rule | None:
    """Return the rule that is about a value which goes somewhere; one that nothing is made of may be a mistake."""
    if mark.is_resource:
        return None if flow & Flow.KEPT else Rule.DETERMINISTIC
    return Rule.DETERMINISTIC_LOG if flow & ~Flow.KEPT == Flow.TOLD else Rule.DETERMINISTIC


def _nearest(
    program: Program, caller: Function, edge: Edge, below: Sequence[Reached]
) -> Iterable[tuple[Reached, Rule]]:
    if not below:
        return ()
    returned = program.flows.of(edge.node, caller) if any(each.mark.is_followed for each in below) else Flow.USED
    return _worst(
        (each, rule)
        for each in below
        if (rule := _rule(each.mark, after(each.flow, returned))) is not Rule.DETERMINISTIC_LOG
        or not program.silencing.is_silenced_in(each.mark.function, each.mark.line, rule)
    )


def _worst(found: Iterable[tuple[Reached, Rule | None]]) -> Iterable[tuple[Reached, Rule]]:
    """Return the nearest that decides something; the nearest that is only told to people where there is none."""
    by_rule: dict[Rule, Reached] = {}
    for reached, rule in found:
        if rule is not None:
            by_rule.setdefault(rule, reached)
    chosen = Rule.DETERMINISTIC if Rule.DETERMINISTIC in by_rule else Rule.DETERMINISTIC_LOG
    return [(by_rule[chosen], chosen)] if chosen in by_rule else []


def _hint(mark: Mark, rule: Rule) -> str:
    return _TOLD if rule is Rule.DETERMINISTIC_LOG else mark.hint


def marks(program: Program, function: Function) -> list[Mark]:
    """Return what a function does itself that depends on when and where it runs."""
    return program.marks(Rule.DETERMINISTIC, function, lambda: list(_marks(program, function)))


def _marks(program: Program, function: Function) -> Iterator[Mark]:
    found = [
        (use, use.value.name, what)
        for use in program.calls.of(function).uses
        if isinstance(use.value, External) and (what := _nondeterminism(program, use, function)) is not None
    ]
    flagged = {name for _, name, _ in found}
    for use, name, what in found:
        # What was got from a call that is reported is not reported again.
        if _is_global(use.node, function) or not any(prefix in flagged for prefix in _prefixes(name)):
            mark = _of_use(use, name, what, function)
            if what in _VALUES or what in _RESOURCES:
                is_itself = _is_itself(program, use, function)
                is_resource = what in _RESOURCES and name.rpartition(".")[2] in _MAKING
                mark = replace(mark, is_value=is_itself and what in _VALUES, is_resource=is_itself and is_resource)
            yield mark
    for edge in program.calls.of(function).edges:
        what = program.sources.declared(_full_name(edge.target))
        if what is not None:
            yield _of_declared(edge, what, function)
    yield from _of_shared_state(program, function)
    yield from _of_order(program, function)


def _is_itself(program: Program, use: Use, function: Function) -> bool:
    """Whether the node of a use gives what the use does, and not an object that keeps it."""
    if use.is_call:
        return isinstance(use.node, ast.Call) and program.callee(use.node, function) == use.value
    around = program.flows.parents(function).get(use.node)
    # `os.environ["HOST"]` may fail, and a handler then does something else.
    may_fail = isinstance(around, ast.Subscript) and any(use.node.lineno in lines for lines in function.body.guarded)
    return not may_fail


def _is_global(node: ast.expr, function: Function) -> bool:
    """Whether what a method is called on was made elsewhere, and only a name leads to it."""
    while isinstance(node, ast.Attribute) or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        node = node.value if isinstance(node, ast.Attribute) else node.func
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            return False
    return isinstance(node, ast.Name) and node.id not in (*function.own_names, *function.unit.imported_names)


def _full_name(function: Function) -> str:
    return f"{function.source.name}.{function.qualname}"


def _of_declared(edge: Edge, what: Nondeterminism, function: Function) -> Mark:
    said = f"`{shown(edge.target)}()`"
    return Mark(
        function=function,
        node=edge.node,
        phrase=f"calls {said}",
        text=f"{said} {what.reason}",
        reason=f"that {what.reason}",
        hint=what.remedy,
    )


def _prefixes(name: str) -> Iterator[str]:
    """Yield `sqlite3.connect` for `sqlite3.connect().execute`."""
    end = len(name)
    while (end := name.rfind("().", 0, end)) > 0:
        yield name[:end]


def _nondeterminism(program: Program, use: Use, function: Function) -> Nondeterminism | None:
    if not isinstance(use.value, External):
        return None
    name = use.value.name
    if not use.is_call:
        return program.sources.read(name)
    if name in program.sources.removed or use.argument_count > _ABOUT_NOW.get(name, use.argument_count):
        return None
    if name in ("builtins.hash", "builtins.id"):
        return _of_identity(program, use, name, function)
    if name in SEEDED:
        return nondeterminism.SEEDED_BY_TIME if use.argument_count == 0 else None
    return _excused(program.sources.called(name), name, use.node, function)


def _excused(what: Nondeterminism | None, name: str, node: ast.expr, function: Function) -> Nondeterminism | None:
    """Take out calls whose arguments make them harmless."""
    if what in (nondeterminism.SLEEP, nondeterminism.SLEEP_ASYNC):
        if _is_zero(node):
            return None
        return nondeterminism.SLEEP_ASYNC if function.is_async else what
    if name == _WAIT and isinstance(node, ast.Call) and not _waits_for_some(node):
        return None
    return what


def _of_identity(program: Program, use: Use, name: str, function: Function) -> Nondeterminism | None:
    if name == "builtins.id":
        return None if _is_only_compared(use.node, function) else _ADDRESS
    argument = use.node.args[0] if isinstance(use.node, ast.Call) and use.node.args else None
    value = None if argument is None else program.value(argument, function)
    return _HASH if value == External("builtins.str()") else None


def _is_only_compared(node: ast.expr, function: Function) -> bool:
    """Whether an address only tells objects apart in one run: `id(x) in seen`, `seen.add(id(x))`, `seen[id(x)]`."""
    for outer in ast.walk(function.node):
        match outer:
            case ast.Compare() | ast.Subscript() | ast.SetComp() | ast.DictComp() | ast.Dict() | ast.Set():
                if any(inner is node for inner in ast.iter_child_nodes(outer)):
                    return True
            case ast.Call(func=ast.Attribute(attr="add" | "discard" | "remove" | "get" | "pop" | "setdefault")):
                if outer.args and outer.args[0] is node:
                    return True
            case _:
                pass
    return False


def _is_zero(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and len(node.args) == 1
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value == 0
    )


def _waits_for_some(node: ast.Call) -> bool:
    for word in node.keywords:
        if word.arg == "timeout" and not (isinstance(word.value, ast.Constant) and word.value.value is None):
            return True
        if word.arg == "return_when" and ast.unparse(word.value).rpartition(".")[2] != "ALL_COMPLETED":
            return True
    return False


def shown_name(name: str) -> str:
    """Return a name outside the project as messages show it."""
    return name.removeprefix("builtins.")


def _of_use(use: Use, name: str, what: Nondeterminism, function: Function) -> Mark:
    said = f"`{shown_name(name)}()`" if use.is_call else f"`{shown_name(name)}`"
    verb = "calls" if use.is_call else "reads"
    return Mark(
        function=function,
        node=use.node,
        phrase=f"{verb} {said}",
        text=f"{said} {what.reason}",
        reason=f"that {what.reason}",
        hint=what.remedy,
    )


_READ_STATE = "pass the value to the workflow as an argument, or read it in a function decorated with @DBOS.step()"
_WRITTEN_STATE = "keep the value in a local variable, or change it in a function decorated with @DBOS.step()"


def _of_shared_state(program: Program, function: Function) -> Iterator[Mark]:
    changed: set[int] = set()
    for change in program.shared.changes(function):
        changed.add(change.node.lineno)
        yield _of_change(change, function)
    for node, change in program.shared.reads(function):
        if node.lineno not in changed:
            name = f"`{ast.unparse(node)}`"
            changer = f"`{shown(change.function)}`"
            reason = f"a global that {changer} changes may say something else when the workflow is recovered"
            yield Mark(
                function=function,
                node=node,
                phrase=f"reads {name}",
                text=f"{name} is a global that {changer} changes, so it may say something else on recovery",
                reason=reason,
                hint=_READ_STATE,
                is_value=not _has_a_method_called(program, node, function),
            )


def _has_a_method_called(program: Program, node: ast.expr, function: Function) -> bool:
    parents = program.flows.parents(function)
    attribute = parents.get(node)
    call = parents.get(attribute) if isinstance(attribute, ast.Attribute) else None
    if not isinstance(attribute, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not attribute:
        return False
    return attribute.attr not in ("get", "items", "keys", "values", "copy")


def _of_change(change: VariableChange, function: Function) -> Mark:
    name = f"`{change.shown}`"
    reason = "what one process remembers is not there when the workflow is recovered in another"
    return Mark(
        function=function,
        node=change.node,
        phrase=f"changes the global {name}",
        text=f"the global {name} is changed in a workflow; {reason}",
        reason=reason,
        hint=_WRITTEN_STATE,
    )


def _of_order(program: Program, function: Function) -> Iterator[Mark]:
    for node in taken_elements(program, function):
        said = f"`{ast.unparse(node)}`"
        reason = "depends on the order of a set, which is another one when the workflow is recovered"
        yield Mark(
            function=function,
            node=node,
            phrase=f"calls {said}" if isinstance(node, ast.Call) else f"reads {said}",
            text=f"{said} {reason}",
            reason=f"that {reason}",
            hint="take min(...), use sorted(...), or a list",
        )
    for node in unordered_loops(program, function):
        said = f"`{ast.unparse(node)}`"
        what = "a set, whose order is" if is_set(program, node, function) else "in the order of a set, which is"
        reason = f"{what} another one when the workflow is recovered, and the loop makes recorded calls"
        yield Mark(
            function=function,
            node=node,
            phrase=f"iterates over {said}",
            text=f"{said} is {reason}",
            reason=reason,
            hint="iterate over sorted(...), or use a list or a dict",
        )
