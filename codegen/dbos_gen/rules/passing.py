"""What calls pass to parameters of which conditions ask, from one function to the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from dbos_gen.rules.calls import Calls, Edge
from dbos_gen.rules.functions import Function
from dbos_gen.rules.guards import NOTHING, Fact, Facts, Run, facts, given, run, tested_names
from dbos_gen.rules.remembering import Memory
from dbos_gen.scan.source import Project

_NO_RUN = Run()


class Passing:
    """Answers what a function does not run when it is called in a certain way."""

    def __init__(self, project: Project, calls: Calls) -> None:
        self._calls = calls
        self._runs: dict[tuple[Function, Facts], Run] = {}
        self._deciding: Memory[tuple[Function, str], bool] = Memory(project)

    def run(self, function: Function, at_call: Facts) -> Run:
        """Return what a call that passes this on does not run."""
        found = self._runs.get((function, at_call))
        if found is None:
            is_decided = bool(at_call) or bool(tested_names(function) & function.own_names)
            found = self._runs[function, at_call] = run(function, at_call) if is_decided else _NO_RUN
        return found

    def passed(self, edge: Edge, caller: Function, at_call: Facts) -> Facts:
        """Return what is known of the called function's names, where ``at_call`` is known of the caller's."""
        if edge.call is None:
            return NOTHING
        target = edge.target
        closed_over = self._closed_over(target, caller) if at_call and target.outer is caller else []
        # What a method of a base class passes on may decide in a method of the derived class.
        is_inherited = edge.receiver is not None
        wanted = [each.arg for each in target.parameters if is_inherited or self._decides(target, each.arg)]
        if not wanted and not closed_over:
            return NOTHING
        known = self._known(edge.call, caller, at_call, wanted)
        arguments = given(target, edge.call, is_bound=edge.is_bound) if wanted else None
        found = NOTHING if arguments is None else facts(target, arguments, wanted, known, is_bound=edge.is_bound)
        return found | {(name, fact) for name, fact in at_call if name in closed_over}

    def _known(self, call: ast.Call, caller: Function, at_call: Facts, wanted: list[str]) -> Mapping[str, Fact]:
        if not wanted or not any(
            isinstance(node, ast.Name | ast.UnaryOp | ast.Compare)
            for node in (*call.args, *(word.value for word in call.keywords))
        ):
            return {}
        key = (caller, at_call)
        if key not in self._runs or self._runs[key] is _NO_RUN:
            self._runs[key] = run(caller, at_call)
        return self._runs[key].known.get(id(call), {})

    def _closed_over(self, target: Function, caller: Function) -> list[str]:
        """Return the parameters of the function around it that an inner one reads, and that keep their values."""
        kept = {each.arg for each in caller.parameters} - caller.body.bindings.keys() - target.own_names
        return [name for name in kept if self._decides(target, name)]

    def _decides(self, function: Function, name: str) -> bool:
        """Whether a condition asks of a name, here or in a function that it is passed on to."""
        return self._deciding.get((function, name), lambda: self._leads_to_a_test(function, name), lambda: False)

    def _leads_to_a_test(self, function: Function, name: str) -> bool:
        pending, seen = [(function, name)], {(function, name)}
        for current, asked in pending:
            if asked in tested_names(current):
                return True
            for following in self._passed_on(current, asked):
                if following not in seen:
                    seen.add(following)
                    pending.append(following)
        return False

    def _passed_on(self, function: Function, name: str) -> Iterator[tuple[Function, str]]:
        if not any(node.id == name for node in function.body.names) and not (function.nested or function.body.lambdas):
            return
        for edge in self._calls.of(function).edges:
            if edge.target.outer is function and name not in edge.target.own_names:
                yield edge.target, name
            if edge.call is None:
                continue
            arguments = given(edge.target, edge.call, is_bound=edge.is_bound)
            for parameter, argument in (arguments or {}).items():
                if _names(argument, name):
                    yield edge.target, parameter


def _names(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Name(id=found):
            return found == name
        case ast.UnaryOp(operand=operand):
            return _names(operand, name)
        case ast.Compare(left=left):
            return _names(left, name)
        case _:
            return False
