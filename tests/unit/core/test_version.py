"""The application version: what running workflows depend on."""

import linecache
import types
from collections.abc import Callable
from itertools import count

import pytest

from dbos_typed.core.version import compute_version
from tests.unit.core.definitions import definition_of

_BASE = """
def flow(item: str) -> str:
    return item
"""
_files = count()


def _function(source: str, *, has_source: bool = True) -> Callable[..., object]:
    file = f"<version {next(_files)}>"
    if has_source:
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    module = types.ModuleType("shop")
    exec(compile(source, file, "exec"), module.__dict__)  # noqa: S102  # the sources above
    function: Callable[..., object] = module.__dict__["flow"]
    return function


def _version(*sources: str, has_source: bool = True) -> str:
    functions = [_function(source, has_source=has_source) for source in sources]
    return compute_version({f"f{n}": definition_of(function, f"f{n}") for n, function in enumerate(functions)})


@pytest.mark.parametrize(
    "source",
    [
        'def flow(item: str) -> str:\n    """Says what it does."""\n    return item\n',
        "def flow(item: str) -> str:\n\n    # why\n    return (item)\n",
        "def flow(\n    item: str,\n) -> str:\n    return item\n",
    ],
)
def test_comments_docstrings_and_layout_do_not_count(source: str) -> None:
    assert _version(source) == _version(_BASE)


@pytest.mark.parametrize(
    "source",
    [
        "def flow(item: str) -> str:\n    return item + '!'\n",
        "def flow(item: str, count: int = 1) -> str:\n    return item\n",
        "def flow(item: str) -> object:\n    return item\n",
    ],
)
def test_signature_and_body_count(source: str) -> None:
    assert _version(source) != _version(_BASE)


def test_another_workflow_counts_and_the_order_of_registration_does_not() -> None:
    assert _version(_BASE, _BASE) != _version(_BASE)
    first, second = definition_of(_function(_BASE), "a"), definition_of(_function("def flow() -> None: ...\n"), "b")
    assert compute_version({"a": first, "b": second}) == compute_version({"b": second, "a": first})


def test_without_source_the_compiled_body_counts() -> None:
    other = "def flow(item: str) -> str:\n    return item.upper()\n"
    assert _version(_BASE, has_source=False) == _version(_BASE, has_source=False)
    assert _version(_BASE, has_source=False) != _version(other, has_source=False)
