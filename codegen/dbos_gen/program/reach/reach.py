"""What a function does by way of the functions it calls, with the chain of calls that leads there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dbos_gen.program.reach.calls import Calls, Edge
from dbos_gen.program.reach.passed_constants import PassedConstants
from dbos_gen.program.reach.silencing_comments import Silencing
from dbos_gen.program.reach.value_flow import Flow, Flows
from dbos_gen.python.values.argument_facts import NOTHING, Facts
from dbos_gen.python.values.functions import Class, Function
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.findings import Finding, Note, Rule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mark:
    """Something in a function that a rule is about.

    ``phrase`` continues "`helper` …" (calls `time.time()`); ``text`` and ``hint`` are what is said where it stands
    itself, ``reason`` follows a chain of calls. ``is_value`` when it does nothing but give a value,
    ``is_resource`` when it makes something that is the same each time, as a pool of connections.
    """

    function: Function
    node: ast.expr | ast.stmt
    phrase: str
    text: str
    reason: str
    hint: str
    is_value: bool = False
    is_resource: bool = False

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.node.lineno

    @property
    def is_followed(self) -> bool:
        """Whether it matters where its value goes."""
        return self.is_value or self.is_resource


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """A mark and the functions through which a call gets there, the called one first.

    ``flow`` is what becomes of the value of the mark, up to what the called function returns.
    """

    mark: Mark
    chain: tuple[Function, ...]
    flow: Flow = Flow.USED


# A function, what is known of its names, and the class of the object on which an inherited method runs.
_Start = tuple[Function, Facts, Class | None]
MarksOf = Callable[[Function], Sequence[Mark]]


class Reach:
    """Follows calls for one rule, from function to function and not into itself twice."""

    def __init__(
        self,
        project: Project,
        calls: Calls,
        passing: PassedConstants,
        silencing: Silencing,
        rule: Rule,
        marks: MarksOf,
        *,
        follows: Callable[[Edge], bool] = lambda _edge: True,
        flows: Flows | None = None,
    ) -> None:
        self._calls = calls
        self._passing = passing
        self._silencing = silencing
        self._rule = rule
        self._marks = marks
        self._follows = follows
        self._flows = flows
        self._below: Memory[_Start, tuple[Reached, ...]] = Memory(project)

    def inside(self, root: Function) -> list[Function]:
        """Return a function and those defined in its body that run as part of it."""
        found = [root]
        for function in found:
            for edge in self._edges(function):
                if _is_inside(edge.target, root) and edge.target not in found:
                    found.append(edge.target)
        return found

    def direct(self, root: Function, wanted: Callable[[Mark], bool] = lambda _mark: True) -> Iterator[Mark]:
        """Yield the marks in a function's own text."""
        for function in self.inside(root):
            for mark in self._marks(function):
                if wanted(mark) and not self._silencing.is_silenced_in(function, mark.line, self._rule):
                    yield mark

    def through(
        self, root: Function, wanted: Callable[[Mark], bool] = lambda _mark: True
    ) -> Iterator[tuple[Edge, Reached]]:
        """Yield, for each call in a function's own text, the nearest mark that it leads to."""
        for _, edge, below in self.calls(root):
            nearest = next((each for each in below if wanted(each.mark)), None)
            if nearest is not None:
                yield edge, nearest

    def calls(self, root: Function) -> Iterator[tuple[Function, Edge, tuple[Reached, ...]]]:
        """Yield the calls in a function's own text, each with the function that makes it and what it leads to."""
        for function in self.inside(root):
            for edge in self._edges(function):
                if not _is_inside(edge.target, root):
                    yield function, edge, self._from(self._start(edge, function, NOTHING))

    def below(self, target: Function) -> tuple[Reached, ...]:
        """Return the marks that running a function leads to, the nearest first."""
        return self._from((target, NOTHING, None))

    def _from(self, start: _Start) -> tuple[Reached, ...]:
        return self._below.get(start, lambda: self._search(start), tuple)

    def _search(self, start: _Start) -> tuple[Reached, ...]:
        found = self._walk(start, None)
        # Most calls lead to nothing, and where values go takes longer to find out.
        if self._flows is not None and any(reached.mark.is_followed for reached in found):
            return self._walk(start, self._flows)
        return found

    def _walk(self, start: _Start, flows: Flows | None) -> tuple[Reached, ...]:
        found: list[Reached] = []
        first = Flow.USED if flows is None else Flow.RETURNED
        pending: list[tuple[_Start, tuple[Function, ...], Flow]] = [(start, (start[0],), first)]
        seen = {(start, first)}
        for (function, at_call, receiver), chain, returned in pending:
            run = self._passing.run(function, at_call)
            found.extend(
                Reached(
                    mark, chain, flows.then(mark.node, function, returned) if flows and mark.is_followed else Flow.USED
                )
                for mark in self._marks(function)
                if not self._silencing.is_silenced_in(function, mark.line, self._rule) and not run.skips(mark.node)
            )
            for written in self._edges(function):
                edge = written if receiver is None else self._calls.overriding(written, receiver)
                if edge is None or not self._follows(edge) or run.skips(edge.node):
                    continue
                following = self._start(edge, function, at_call)
                flow = returned if flows is None else flows.then(edge.node, function, returned)
                if (following, flow) not in seen:
                    seen.add((following, flow))
                    # What is defined inside a function is part of it for those who read the message.
                    inner = chain if _is_inside(edge.target, function) else (*chain, edge.target)
                    pending.append((following, inner, flow))
        return tuple(found)

    def _start(self, edge: Edge, caller: Function, at_call: Facts) -> _Start:
        return edge.target, self._passing.passed(edge, caller, at_call), edge.receiver

    def _edges(self, function: Function) -> Iterator[Edge]:
        return (edge for edge in self._calls.of(function).edges if self._follows(edge))


def _is_inside(function: Function, root: Function) -> bool:
    if root.is_module:
        return False
    outer = function.outer
    while outer is not None:
        if outer is root:
            return True
        outer = outer.outer
    return False


def shown(function: Function) -> str:
    """Return a function as messages name it."""
    if function.is_module:
        return function.source.name
    if function.name == "<lambda>":
        return "the lambda"
    return function.qualname.rpartition("<locals>.")[2]


def _called(function: Function) -> str:
    return "runs a lambda" if function.name == "<lambda>" else f"calls `{shown(function)}`"


def chain_text(root: Function, reached: Reached) -> str:
    """Return "`checkout` calls `make_id`, which calls `uuid.uuid4()`"."""
    calls = [_called(function) for function in reached.chain]
    return f"`{shown(root)}` " + ", which ".join([*calls, reached.mark.phrase])


def direct_finding(mark: Mark, rule: Rule, *, text: str | None = None, hint: str | None = None) -> Finding:
    """Return the finding for a mark where it stands."""
    return Finding(
        path=mark.function.source.path,
        line=mark.line,
        column=mark.node.col_offset,
        code=rule.value,
        text=mark.text if text is None else text,
        hint=mark.hint if hint is None else hint,
    )


def chain_finding(
    root: Function, edge: Edge, reached: Reached, rule: Rule, *, reason: str | None = None, hint: str | None = None
) -> Finding:
    """Return the finding for a call that leads to a mark."""
    mark = reached.mark
    return Finding(
        path=root.source.path,
        line=edge.node.lineno,
        column=edge.node.col_offset,
        code=rule.value,
        text=f"{chain_text(root, reached)}: {mark.reason if reason is None else reason}",
        hint=mark.hint if hint is None else hint,
        notes=(
            Note(path=mark.function.source.path, line=mark.line, text=f"`{shown(mark.function)}` {mark.phrase} here"),
        ),
    )
