"""Options of queues, and of what is put on them, that the runtime refuses whatever the program does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from dbos_gen.program.program import Program
from dbos_gen.program.workflows.called import Operation
from dbos_gen.python.scopes.resolution import Scope, assigned_value
from dbos_gen.python.types.frames import Frame, finding_at
from dbos_gen.rules.addressing.registrations import Registrations
from dbos_gen.rules.addressing.targets import Options, Targets, argument, keyword
from dbos_gen.vocabulary.findings import Finding, Rule
from dbos_gen.vocabulary.identifiers import quoted

_MAX_PRIORITY = 2**31 - 1
_NAMES = (
    "workflow_name", "queue_name", "workflow_id", "app_version", "deduplication_id", "queue_partition_key",
    "class_name", "config_name",
)  # fmt: skip
_Number = int | float


class QueueOptionChecks:
    """Knows what a queue accepts."""

    def __init__(self, program: Program, registrations: Registrations, targets: Targets) -> None:
        self._program = program
        self._registrations = registrations
        self._targets = targets

    def check(self, node: ast.Call, frame: Frame) -> Iterator[Finding]:
        """Yield what is wrong with a call that makes a queue, sets options or puts a workflow on a queue."""
        written = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if written in ("enqueue", "enqueue_async") and isinstance(node.func, ast.Attribute):
            yield from self._enqueue(node, node.func, frame)
        elif isinstance(node.func, ast.Name | ast.Attribute) and str(written)[:1].isupper():
            symbol = self._program.resolver.resolve(frame.scope.body, node.func)
            if symbol is not None and symbol.is_dbos("Queue"):
                yield from self._queue(node, frame)
            elif symbol is not None and symbol.is_dbos("SetEnqueueOptions"):
                given = {word.arg: word.value for word in node.keywords if word.arg is not None}
                yield from self._ranges(given, node, frame, "SetEnqueueOptions", {})

    def check_options(self, call: ast.Call, options: Options, frame: Frame) -> Iterator[Finding]:
        """Yield what is wrong with the values in the options of a client."""
        place = options.node if options.frame.scope.body.source is frame.scope.body.source else call
        ranges: dict[str, Callable[[_Number], str | None]] = {"workflow_timeout": _positive}
        yield from self._ranges(options.entries, place, frame, "DBOSClient.enqueue", ranges)
        for name in ("workflow_name", "queue_name"):
            if name not in options.entries:
                text = f"the options of DBOSClient.enqueue lack `{name}`"
                yield _finding(place, frame, text, f'add "{name}": "..."')

    # --- the queue itself -----------------------------------------------------------------------------------------

    def _queue(self, node: ast.Call, frame: Frame) -> Iterator[Finding]:
        name = argument(node, 0, "name")
        if isinstance(name, ast.Constant) and name.value == "":
            yield _finding(node, frame, "the name of a queue is empty", "give it at least one character")
        total, own = _number(argument(node, 1, "concurrency")), _number(keyword(node, "worker_concurrency"))
        for what, value in (("concurrency", total), ("worker_concurrency", own)):
            if value is not None and value < 1:
                yield _finding(node, frame, f"`{what}` of a queue is {value}", "it must be at least 1; None: no limit")
        if total is not None and own is not None and own > total >= 1:
            text = f"`worker_concurrency` of a queue ({own}) exceeds its `concurrency` ({total})"
            yield _finding(node, frame, text, "one executor cannot run more than all together; lower it")
        polling = _number(keyword(node, "polling_interval_sec"))
        if polling is not None and polling <= 0:
            text = f"`polling_interval_sec` of a queue is {polling}"
            yield _finding(node, frame, text, "it must be a positive number of seconds")
        yield from self._limiter(argument(node, 2, "limiter"), frame)

    def _limiter(self, node: ast.expr | None, frame: Frame) -> Iterator[Finding]:
        if not isinstance(node, ast.Dict):
            return
        names = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
        given = dict(zip(names, node.values, strict=True))
        missing = [name for name in ("limit", "period") if name not in given]
        if missing and None not in names:
            text = f"the `limiter` of a queue has no `{missing[0]}`"
            yield _finding(node, frame, text, 'write {"limit": 10, "period": 60}: at most 10 starts in 60 seconds')
        limit, period = _number(given.get("limit")), _number(given.get("period"))
        for what, value in (("limit", limit), ("period", period)):
            if value is not None and value < 0:
                text = f"the `{what}` of a queue's `limiter` is {value}"
                yield _finding(node, frame, text, "it must not be negative")

    # --- what is put on it ------------------------------------------------------------------------------------------

    def _ranges(
        self,
        given: dict[str, ast.expr],
        place: ast.expr,
        frame: Frame,
        where: str,
        more: dict[str, Callable[[_Number], str | None]],
    ) -> Iterator[Finding]:
        ranges: dict[str, Callable[[_Number], str | None]] = {
            "priority": _priority,
            "delay_seconds": _not_negative,
            **more,
        }
        for name, problem_of in ranges.items():
            value = _number(given.get(name))
            problem = None if value is None else problem_of(value)
            if problem is not None:
                at = given[name] if place.lineno <= given[name].lineno <= (place.end_lineno or 0) else place
                yield _finding(at, frame, f"`{name}` of {where} is {value}", problem)
        for name in _NAMES:
            value_node = given.get(name)
            if isinstance(value_node, ast.Constant) and value_node.value == "":
                yield _finding(place, frame, f"`{name}` of {where} is empty", "leave it out, or give it a character")

    def _enqueue(self, node: ast.Call, func: ast.Attribute, frame: Frame) -> Iterator[Finding]:
        callee = self._program.callees.resolve(func, frame.scope)
        symbol = self._program.resolver.resolve(frame.scope.body, func.value)
        made = None if symbol is None or symbol.is_local else assigned_value(symbol.node)
        if not isinstance(callee, Operation) or symbol is None or symbol.source is None:
            return
        if not isinstance(made, ast.Call) or any(word.arg is None for word in made.keywords):
            return
        made_by = self._program.resolver.resolve(Scope(source=symbol.source), made.func)
        if made_by is None or not made_by.is_dbos("Queue"):
            return
        has_priorities, is_partitioned = _flag(made, "priority_enabled"), _flag(made, "partition_queue")
        label = _label(made)
        options = self._options_around(node, frame)
        if options is None:
            source = frame.scope.body.source
            if is_partitioned and not self._registrations.is_mentioned("queue_partition_key", source):
                text = f"queue {label} is a partition_queue, and nothing gives a `queue_partition_key`"
                yield _finding(node, frame, text, "enqueue in `with SetEnqueueOptions(queue_partition_key=...)`")
            return
        given = {word.arg: word.value for word in options.keywords}
        if None in given:
            return
        if has_priorities is False and _is_value(given.get("priority")):
            text = f"a priority is given for queue {label}, which has none"
            yield _finding(
                node, frame, text, "create the queue with `priority_enabled=True`, or leave the priority out"
            )
        key = given.get("queue_partition_key")
        if is_partitioned and (key is None or (isinstance(key, ast.Constant) and key.value is None)):
            text = f"queue {label} is a partition_queue, and the options around give no `queue_partition_key`"
            yield _finding(node, frame, text, "add it: `SetEnqueueOptions(queue_partition_key=...)`")
        if is_partitioned is False and _is_value(key):
            text = f"a `queue_partition_key` is given for queue {label}, which is no partition_queue"
            yield _finding(node, frame, text, "create the queue with `partition_queue=True`, or leave the key out")

    def _options_around(self, node: ast.Call, frame: Frame) -> ast.Call | None:
        """Return the innermost ``SetEnqueueOptions`` of this function around a call."""
        found: ast.Call | None = None
        for block in frame.own:
            if not isinstance(block, ast.With | ast.AsyncWith):
                continue
            last = block.body[-1]
            begin, end = (block.body[0].lineno, block.body[0].col_offset), (last.end_lineno, last.end_col_offset)
            if end[0] is None or end[1] is None or not begin <= (node.lineno, node.col_offset) < (end[0], end[1]):
                continue
            for item in block.items:
                call = item.context_expr
                symbol = (
                    self._program.resolver.resolve(frame.scope.body, call.func) if isinstance(call, ast.Call) else None
                )
                if isinstance(call, ast.Call) and symbol is not None and symbol.is_dbos("SetEnqueueOptions"):
                    found = call
        return found


def _finding(node: ast.expr, frame: Frame, text: str, hint: str) -> Finding:
    return finding_at(node, frame, Rule.ENQUEUE, text, hint)


def _label(made: ast.Call) -> str:
    name = argument(made, 0, "name")
    return quoted(name.value) if isinstance(name, ast.Constant) and isinstance(name.value, str) else ast.unparse(made)


def _number(node: ast.expr | None) -> _Number | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case _:
            return None


def _flag(made: ast.Call, name: str) -> bool | None:
    """Return a boolean option; None when it is not a constant."""
    node = keyword(made, name)
    if node is None:
        return False
    return bool(node.value) if isinstance(node, ast.Constant) else None


def _is_value(node: ast.expr | None) -> bool:
    """Whether an expression surely is not None."""
    return (isinstance(node, ast.Constant) and node.value is not None) or isinstance(node, ast.JoinedStr)


def _priority(value: _Number) -> str | None:
    return None if 1 <= value <= _MAX_PRIORITY else f"it must be between 1 and {_MAX_PRIORITY}"


def _positive(value: _Number) -> str | None:
    return None if value > 0 else "it must be a positive number of seconds"


def _not_negative(value: _Number) -> str | None:
    return None if value >= 0 else "it must not be negative"
