"""The application version: what running workflows depend on, condensed to a hash."""

from __future__ import annotations

import contextlib
import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from dbos_typed.core.registry import WorkflowDefinition


def compute_version(workflows: Mapping[str, WorkflowDefinition]) -> str:
    """A hash over the contracts of the registered workflows.

    Of each it covers what a run under way relies on: its name, parameters and result with the types they are stored
    as, and the calls that are recorded, in order, with what decides between them, also those of helpers. Comments,
    what a step does inside, and everything else that replay does not meet may change. It is the same on every machine
    and every version of Python.

    A workflow whose source is not found counts with its source text without comments and layout, or with its compiled
    body, as in an interactive session or a frozen application.
    """
    # The generator reads sources; importing it takes as long as a small application takes to launch, and only an
    # application that names no version needs it.
    from dbos_gen.launch.contract_digests import RunningFunction, RunningWorkflow, digest_of_source, digests  # noqa: PLC0415  # start-up cost

    registered: list[RunningWorkflow] = []
    for name, definition in workflows.items():
        functions = [
            RunningFunction(
                module=each.__module__, qualname=each.__qualname__, file=code.co_filename, line=code.co_firstlineno
            )
            for each in _functions(definition)
            for code in [each.__code__]
        ]
        if functions:
            registered.append(RunningWorkflow(name=name, function=functions[0], through=tuple(functions[1:])))
    found = digests(registered, folder=_folder())
    whole = sha256()
    for name in sorted(workflows):
        digest = found.get(name)
        if digest is None:
            source = _source(workflows[name].plain)
            digest = (source and digest_of_source(source)) or _compiled(workflows[name].plain)
        whole.update(f"{name}\0{digest}\0".encode())
    return whole.hexdigest()[:16]


def _functions(definition: WorkflowDefinition) -> Iterator[FunctionType]:
    """The workflow's own function, then those around it and those that these have in their closures."""
    chain: list[object] = [definition.function]
    while (inner := getattr(chain[-1], "__wrapped__", None)) is not None:
        chain.append(inner)
    pending = [definition.plain, *chain]
    seen: list[object] = []
    while pending:
        each = pending.pop(0)
        if not isinstance(each, FunctionType) or any(each is known for known in seen):
            continue
        seen.append(each)
        yield each
        for cell in each.__closure__ or ():
            # A cell is empty while the function that it belongs to is being defined.
            with contextlib.suppress(ValueError):
                pending.append(cell.cell_contents)


def _source(function: Callable[..., Any]) -> str | None:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError, IndentationError):
        return None


def _compiled(function: Callable[..., Any]) -> str:
    code: CodeType | None = getattr(function, "__code__", None)
    return "" if code is None else f"{code.co_varnames}{code.co_names}{code.co_code.hex()}"


def _folder() -> Path | None:
    """Where a large application's digests are remembered from one launch to the next."""
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return (Path(given) if given else Path.home() / ".cache") / "dbos_typed"
    except RuntimeError:
        # A user without a home.
        return None
