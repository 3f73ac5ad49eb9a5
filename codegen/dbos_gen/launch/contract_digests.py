"""What the workflows of a running program commit their runs to, condensed to one digest each.

The runtime asks for it when it is launched, so everything here needs the standard library only.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import textwrap
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from dbos_gen.contract.lock import Json, shape_json, skeleton_json
from dbos_gen.contract.scanner import ContractScanner
from dbos_gen.contract.skeletons.condition_text import neutral
from dbos_gen.launch.definitions import EnclosedDefinition, find
from dbos_gen.launch.reexports import Reexports
from dbos_gen.launch.remembered_digests import RememberedDigests
from dbos_gen.launch.running_modules import RunningRoots, is_installed, name_of
from dbos_gen.program.workflows.callees import Callees
from dbos_gen.program.workflows.decorators import Decorators
from dbos_gen.python.scopes.resolution import Resolver, Scope
from dbos_gen.python.types.annotations import Annotations
from dbos_gen.python.values.evaluation import Evaluator
from dbos_gen.sources.project import Project, Source
from dbos_gen.syntax.parsing import parse
from dbos_gen.vocabulary.diagnostics import Diagnostics

_DOTTED = re.compile(r"\w+(?:\.\w+)+")
# Replay compares the names of recorded calls. Of what they are about, only a topic decides what a run goes on with.
_DECIDING = frozenset({"DBOS.recv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningFunction:
    """A function of the running program, and what its code says that it was compiled from."""

    module: str
    qualname: str
    file: str
    line: int

    @property
    def key(self) -> str:
        """What tells it from other functions of its module."""
        return f"{self.qualname}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningWorkflow:
    """A workflow by its stored name; ``through`` are functions around it and those that it closes over."""

    name: str
    function: RunningFunction
    through: tuple[RunningFunction, ...] = ()


def digests(workflows: Iterable[RunningWorkflow], *, folder: Path | None = None) -> dict[str, str]:
    """Return the digest of each workflow whose source is found, by name.

    A digest covers parameters, result, the stored form of the project's classes among them, and the recorded calls in
    order with what decides between them. It is the same on every machine and every version of Python. ``folder`` is
    where to remember what took long to find out; None: nowhere.
    """
    found = list(workflows)
    own = [workflow.function for workflow in found]
    around = [each for workflow in found for each in workflow.through if not is_installed(each.file)]
    with _no_collections():
        known = _Application(own, around, folder).digests((*own, *around))
    made: dict[str, str] = {}
    for workflow in found:
        digest = known.get(workflow.function, "")
        if digest:
            parts = (workflow.name, digest, *(known.get(each, "") for each in workflow.through))
            made[workflow.name] = _digest("\0".join(parts))
    return made


@contextmanager
def _no_collections() -> Generator[None, None, None]:
    """Do not look for garbage: syntax trees are many objects that live to the end, and looking takes a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def digest_of_source(text: str) -> str | None:
    """Return a digest of a function's source without comments, docstrings and layout; None when it does not parse."""
    try:
        return _digest(neutral(parse(textwrap.dedent(text))))
    except (SyntaxError, RecursionError):
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class _Application:
    """The modules of a running program that functions stand in, its workflows (`own`) and others."""

    def __init__(self, own: Iterable[RunningFunction], others: Iterable[RunningFunction], folder: Path | None) -> None:
        roots = RunningRoots(_files(own))
        self._files = {**_files(others), **_files(own)}
        base = Path(roots.own[0] if roots.own else os.curdir)
        # What is wrong with the sources is the business of the generator.
        self._project = Project(base, base=base, diagnostics=Diagnostics(), roots=roots)
        self._remembered = RememberedDigests(folder, "\0".join(roots.own), self._project, roots.program)
        resolver = Resolver(self._project)
        self._decorators = Decorators(resolver, "dbos_typed")
        self._reexports = Reexports(roots.imported, self._files)
        evaluator = Evaluator(self._project, roots.program)
        callees = Callees(resolver, Annotations(resolver, Diagnostics()), self._decorators, evaluator)
        self._contracts = ContractScanner(resolver, callees, place=self._reexports.place)

    def digests(self, functions: Iterable[RunningFunction]) -> dict[RunningFunction, str]:
        """Return the digests of the functions, empty for those whose source is not found."""
        by_module: dict[str, list[RunningFunction]] = {}
        for function in functions:
            if name_of(function.module) in self._files:
                by_module.setdefault(name_of(function.module), []).append(function)
        found: dict[RunningFunction, str] = {}
        for name in sorted(by_module):
            wanted = by_module[name]
            known = self._remembered.get(name, (function.key for function in wanted))
            if known is None:
                with self._project.asking() as asked:
                    known = {function.key: self._function(function, name) for function in wanted}
                self._remembered.put(name, known, asked)
            found.update((function, known[function.key]) for function in wanted)
        self._remembered.save()
        return found

    def _function(self, function: RunningFunction, module: str) -> str:
        source = self._project.load(module)
        place = None if source is None else find(source, function.qualname, function.line)
        if source is None or place is None:
            return ""
        try:
            document = self._document(place, source)
        except RecursionError:
            # An expression of thousands of terms: the text of the function says the same.
            return ""
        return _digest(json.dumps(document, sort_keys=True, separators=(",", ":")))

    def _document(self, place: EnclosedDefinition, source: Source) -> Mapping[str, Json]:
        scope = place.annotations(source)
        receiver = self._decorators.receiver(place.node, scope)
        parameters, result = self._contracts.signature(place.node, scope, receiver)
        # What a class inside a function inherits is not followed, so all of its method counts.
        calls: Json = (
            neutral(place.node)
            if place.is_in_local_class
            else [_deciding(node) for node in skeleton_json(self._contracts.calls(place.scope(source)))]
        )
        class_name = None
        if scope.owner is not None:
            class_name = self._decorators.class_name(scope.owner, scope.owner_path, Scope(source=source))
        document: dict[str, Json] = {
            "receiver": receiver.value,
            "class": class_name,
            "parameters": [[each.name, each.kind, each.type, each.has_default] for each in parameters],
            "result": result,
            "calls": calls,
            "types": {name: shape_json(shape) for name, shape in self._contracts.shapes().items()},
        }
        return cast("Mapping[str, Json]", _renamed(document, self._contracts.moved()))


def _renamed(node: Json, names: Mapping[str, str]) -> Json:
    """Return a document in which classes that were moved have the names that they kept."""
    if not names:
        return node
    if isinstance(node, str):
        return _DOTTED.sub(lambda found: names.get(found[0], found[0]), node)
    if isinstance(node, Mapping):
        return {str(_renamed(name, names)): _renamed(value, names) for name, value in node.items()}
    return [_renamed(value, names) for value in node] if isinstance(node, Sequence) else node


def _files(functions: Iterable[RunningFunction]) -> dict[str, str]:
    files = {name_of(function.module): function.file for function in functions}
    return {name: file for name, file in files.items() if os.path.isfile(file)}  # noqa: PTH113  # thousands


def _deciding(node: Json) -> Json:
    """Return a node of a skeleton without what replay does not look at."""
    if isinstance(node, Mapping):
        kept = node.get("operation") in _DECIDING
        return {name: _deciding(value) for name, value in node.items() if name != "about" or kept}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_deciding(value) for value in node]
    return node
