"""What calls pass to parameters of which conditions ask, from one function to the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from dbos_gen.program.reach.calls import Calls, Edge
from dbos_gen.python.values.argument_facts import NOTHING, Fact, Facts, asked_names, at_call, given
from dbos_gen.python.values.functions import Function
from dbos_gen.python.values.specialization import SpecializedRun, run, tested_names
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Project

_NO_RUN = SpecializedRun()


class PassedConstants:
    """Answers what a function does not run when it is called in a certain way."""

    def __init__(self, project: Project, calls: Calls) -> None:
        self._calls = calls
        self._runs: dict[tuple[Function, Facts], SpecializedRun] = {}
        self._deciding: Memory[tuple[Function, str], bool] = Memory(project)

    def run(self, function: Function, known: Facts) -> SpecializedRun:
        """Return what a call that passes this on does not run."""
        found = self._runs.get((function, known))
        if found is None:
            is_decided = bool(known) or bool(tested_names(function) & function.own_names)
            found = self._runs[function, known] = run(function, known) if is_decided else _NO_RUN
        return found

    def passed(self, edge: Edge, caller: Function, known: Facts) -> Facts:
        """Return what is known of the called function's names, where ``known`` holds of the caller's."""
        if edge.call is None:
            return NOTHING
        target = edge.target
        closed_over = self._closed_over(target, caller) if known and target.outer is caller else []
        # What a method of a base class passes on may decide in a method of the derived class.
        is_inherited = edge.receiver is not None
        wanted = [each.arg for each in target.named if is_inherited or self._decides(target, each.arg)]
        if not wanted and not closed_over:
            return NOTHING
        arguments = given(target, edge.call, is_bound=edge.is_bound) if wanted else None
        found = NOTHING
        if arguments is not None:
            found = at_call(target, arguments, wanted, self._where(edge.call, caller, known))
        return found | {(name, fact) for name, fact in known if name in closed_over}

    def _where(self, call: ast.Call, caller: Function, known: Facts) -> Mapping[str, Fact]:
        """Return what is known of the caller's names where it makes a call."""
        arguments = (*call.args, *(word.value for word in call.keywords))
        if not any(next(asked_names(argument), None) for argument in arguments):
            return {}
        key = (caller, known)
        if key not in self._runs or self._runs[key] is _NO_RUN:
            self._runs[key] = run(caller, known)
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
                if name in asked_names(argument):
                    yield edge.target, parameter
