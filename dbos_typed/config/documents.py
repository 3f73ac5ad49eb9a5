"""YAML from a file that anybody may have written: read in bounded time and memory, or refused with a reason."""

from __future__ import annotations

from importlib import import_module
from typing import Any

LONGEST = 1_000_000
"""Characters of a file."""
DEEPEST = 50
"""Lists and mappings inside each other."""
MOST = 100_000
"""Values, each counted as often as aliases repeat it."""


def parse(text: str) -> object:
    """What a YAML document says. ValueError: says why it cannot be read, and carries no other error with it."""
    if len(text) > LONGEST:
        msg = f"it has more than {LONGEST} characters"
        raise ValueError(msg)
    found, reason = _parsed(text)
    # Outside every handler: errors of the parser hold the whole text, and the text may hold a password.
    if reason is not None:
        raise ValueError(reason)
    return found


def _parsed(text: str) -> tuple[object, str | None]:
    """What a document says, or why it cannot be read."""
    # Only applications that have a file need the parser.
    yaml = import_module("yaml")
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return None, None
        _Measure(yaml).count(node, 0)
        return loader.construct_document(node), None
    except yaml.YAMLError as error:
        # Not all of its text, which quotes the line.
        return None, _place_of(error)
    except RecursionError:
        return None, _too_deep()
    except _Refusal as refusal:
        return None, str(refusal)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None, "a value is not what its tag or its digits promise"


class _Refusal(ValueError):
    """A document that takes too much."""


def _place_of(error: Any) -> str:  # noqa: ANN401  # an error of yaml
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is no YAML"
    mark = getattr(error, "problem_mark", None)
    return str(problem) if mark is None else f"line {mark.line + 1}, column {mark.column + 1}: {problem}"


class _Measure:
    """Counts values as if every alias were written out, which takes no longer than counting them once."""

    def __init__(self, yaml: Any) -> None:  # noqa: ANN401  # a module that is imported late
        self._yaml = yaml
        self._known: dict[int, int] = {}
        self._open: set[int] = set()

    def count(self, node: Any, depth: int) -> int:  # noqa: ANN401  # a node of yaml
        """How many values a node stands for. ValueError: too many, too deep, or itself."""
        key = id(node)
        if key in self._open:
            msg = "an alias stands for something that contains it"
            raise _Refusal(msg)
        if depth > DEEPEST:
            raise _Refusal(_too_deep())
        if key not in self._known:
            self._open.add(key)
            self._known[key] = 1 + sum(self.count(part, depth + 1) for part in self._parts(node))
            self._open.remove(key)
        if self._known[key] > MOST:
            msg = f"its aliases repeat more than {MOST} values"
            raise _Refusal(msg)
        return self._known[key]

    def _parts(self, node: Any) -> list[Any]:  # noqa: ANN401  # a node of yaml
        if isinstance(node, self._yaml.MappingNode):
            return [part for pair in node.value for part in pair]
        return list(node.value) if isinstance(node, self._yaml.SequenceNode) else []


def _too_deep() -> str:
    return f"it is nested more than {DEEPEST} levels deep"
