"""Whether anything in the whole program mentions a function."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from dbos_gen.python.values.functions import Function
from dbos_gen.sources.project import Project

_WORD = re.compile(r"[^\W\d]\w*")


class References:
    """Looks through the text of all modules. A name that stands anywhere, also in a comment, counts as used.

    ``modules`` gives the dotted names of all modules of the program; it is asked when the first question comes.
    """

    def __init__(self, project: Project, modules: Callable[[], Iterable[str]]) -> None:
        self._project = project
        self._modules = modules
        self._places: dict[str, dict[str, int]] | None = None

    def is_referred(self, function: Function) -> bool:
        """Whether the name of a function stands anywhere but in its own definition."""
        # What is not in the text at all is not known to be unused.
        return sum(self._with(function.name).values()) != 1

    def modules_with(self, word: str) -> list[str]:
        """Return the names of the modules in whose text a word stands."""
        return [*self._with(word)]

    def _with(self, word: str) -> Mapping[str, int]:
        """Return how often a word stands in the text of each module."""
        self._project.consult_everything()
        if self._places is None:
            self._places = {}
            for module, words in self._words():
                for each, count in Counter(words).items():
                    self._places.setdefault(each, {})[module] = count
        return self._places.get(word, {})

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
