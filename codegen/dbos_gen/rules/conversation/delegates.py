"""Functions that set events, receive or write on behalf of their caller, found by name where no call is followed."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from dbos_gen.program.program import Program
from dbos_gen.rules.addressing.registrations import Registrations, functions_of
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import FunctionNode

EVENTS = frozenset({"set_event", "set_event_async"})
TOPICS = frozenset({"recv", "recv_async"})
STREAMS = frozenset({"write_stream", "write_stream_async"})
EMITTING = EVENTS | TOPICS | STREAMS


@dataclass(frozen=True, slots=True, kw_only=True)
class _ModuleDelegates:
    """What one module has: plain functions that talk, the functions that mention a name, the names of all functions."""

    talking: tuple[tuple[FunctionNode, frozenset[str]], ...]
    mentioned_by: dict[str, tuple[str, ...]]
    defined: frozenset[str]


class Delegates:
    """Knows the talking functions of modules, each module read once."""

    def __init__(self, program: Program, registrations: Registrations) -> None:
        self._program = program
        self._registrations = registrations
        self._talks: dict[str, _ModuleDelegates] = {}
        self._leading: dict[tuple[frozenset[str], frozenset[str]], set[str]] = {}
        self._closures: Memory[frozenset[str], tuple[_ModuleDelegates, ...]] = Memory(program.project)

    def others(self, modules: Iterable[str], operations: frozenset[str], known: set[int]) -> set[str]:
        """Return the names of functions that do one of the operations and are not among the known nodes.

        They are looked for in modules and in all that these import.
        """
        return {
            node.name
            for talk in self._closure(frozenset(modules))
            for node, done in talk.talking
            if done & operations and id(node) not in known
        }

    def leads_to(self, attributes: set[str], names: set[str], modules: Iterable[str]) -> bool:
        """Whether a function called like one of the attributes may call one of the names, directly or not."""
        at_hand, wanted = frozenset(modules), frozenset(names)
        closure = self._closure(at_hand)
        if not any(name in talk.defined for talk in closure for name in attributes):
            return False
        found = self._leading.get((at_hand, wanted))
        if found is None:
            found = self._leading[at_hand, wanted] = _callers(closure, wanted)
        return not found.isdisjoint(attributes)

    def _closure(self, modules: frozenset[str]) -> tuple[_ModuleDelegates, ...]:
        return self._closures.get(modules, lambda: self._read_closure(modules), tuple[_ModuleDelegates, ...])

    def _read_closure(self, modules: frozenset[str]) -> tuple[_ModuleDelegates, ...]:
        sources = [self._program.resolver.load(name) for name in sorted(modules)]
        found = self._registrations.imported(source for source in sources if source is not None)
        return tuple(self._talk(source) for source in found)

    def _talk(self, source: Source) -> _ModuleDelegates:
        if source.name not in self._talks:
            self._talks[source.name] = self._read(source)
        return self._talks[source.name]

    def _read(self, source: Source) -> _ModuleDelegates:
        talking: list[tuple[FunctionNode, frozenset[str]]] = []
        mentioned_by: dict[str, list[str]] = {}
        defined: set[str] = set()
        for node, scope in functions_of(source):
            defined.add(node.name)
            mentioned: set[str] = set()
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute):
                    mentioned.add(inner.attr)
                elif isinstance(inner, ast.Name):
                    mentioned.add(inner.id)
            for name in mentioned:
                mentioned_by.setdefault(name, []).append(node.name)
            if mentioned & EMITTING and not self._program.decorators.is_recorded(node, scope):
                talking.append((node, frozenset(mentioned & EMITTING)))
        return _ModuleDelegates(
            talking=tuple(talking),
            mentioned_by={name: tuple(callers) for name, callers in mentioned_by.items()},
            defined=frozenset(defined),
        )


def _callers(closure: tuple[_ModuleDelegates, ...], names: frozenset[str]) -> set[str]:
    """Return names with those of all functions that mention them, directly or through others."""
    found: set[str] = set()
    pending = [*names]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            for talk in closure:
                pending.extend(talk.mentioned_by.get(name, ()))
    return found
