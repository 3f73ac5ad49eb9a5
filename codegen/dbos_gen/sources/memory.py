"""Answers that are worked out once, together with the modules that they depend on."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from dbos_gen.sources.project import Project

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Remembers answers. Whoever gets one that is known already depends on the same modules as who asked first."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[K, tuple[V, frozenset[str], frozenset[str]]] = {}
        self._pending: set[K] = set()

    def get(self, key: K, compute: Callable[[], V], in_cycle: Callable[[], V]) -> V:
        """Return the answer; what ``in_cycle`` gives when the question is being answered already."""
        known = self._known.get(key)
        if known is None:
            if key in self._pending:
                return in_cycle()
            self._pending.add(key)
            try:
                with self._project.asking() as asked, self._project.reading() as read:
                    value = compute()
            finally:
                self._pending.discard(key)
            known = self._known[key] = (value, frozenset(asked), frozenset(read))
        self._project.ask(known[1], known[2])
        return known[0]
