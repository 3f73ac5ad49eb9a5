"""Whether anything in the whole program mentions a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from dbos_gen.rules.functions import Function
from dbos_gen.scan.source import Project

_WORD = re.compile(r"[^\W\d]\w*")


class References:
    """Looks through the text of all modules. A name that stands anywhere, also in a comment, counts as used.

    ``modules`` gives the dotted names of all modules of the program; it is asked when the first question comes.
    """

    def __init__(self, project: Project, modules: Callable[[], Iterable[str]]) -> None:
        self._project = project
        self._modules = modules
        self._counts: dict[str, int] | None = None
        self._places: dict[str, list[str]] | None = None

    def is_referred(self, function: Function) -> bool:
        """Whether the name of a function stands anywhere but in its own definition."""
        self._project.consult_everything()
        if self._counts is None:
            self._counts = self._count()
        return self._counts.get(function.name, 2) > 1

    def modules_with(self, word: str) -> list[str]:
        """Return the names of the modules in whose text a word stands."""
        self._project.consult_everything()
        if self._places is None:
            self._places = {}
            for module, words in self._words():
                for each in set(words):
                    self._places.setdefault(each, []).append(module)
        return self._places.get(word, [])

    def _count(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for _, words in self._words():
            for word in words:
                counts[word] = counts.get(word, 0) + 1
        return counts

    def _words(self) -> Iterator[tuple[str, list[str]]]:
        for module in self._modules():
            file = self._project.locate(module)
            if file is None:
                continue
            try:
                text = file.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            yield module, _WORD.findall(text)
