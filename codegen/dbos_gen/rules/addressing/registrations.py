"""What the application registers by name: workflows and queues, from its source or from its lock file."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dbos_gen.contract.lock import FILE_NAME, LockError, from_text
from dbos_gen.program.program import Program
from dbos_gen.program.workflows.called import Recorded
from dbos_gen.program.workflows.signatures import Signatures
from dbos_gen.python.scopes.resolution import Scope
from dbos_gen.rules.addressing.generated_references import KnownWorkflow, defined
from dbos_gen.rules.addressing.targets import argument
from dbos_gen.sources.config import Config, ConfigError, find, load_for_rules
from dbos_gen.sources.discovery import discover
from dbos_gen.sources.memory import Memory
from dbos_gen.sources.project import Source
from dbos_gen.syntax.bindings import Defined, FunctionNode, ImportedModule, ImportedName
from dbos_gen.vocabulary.contracts import Contract
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.model import Param, ParamKind, Receiver
from dbos_gen.vocabulary.type_expressions import ANY, TypeRef, builtin

_BUILTINS = frozenset({"bool", "int", "float", "str", "bytes", "list", "dict", "set", "tuple"})
_NOT_SEARCHED = frozenset({"__pycache__", "node_modules", "site_packages", "build", "dist", "venv", "env"})
_MOST_FILES = 5000
_OVER_METHODS = frozenset({"classmethod", "staticmethod"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredWorkflow:
    """A workflow by its registered name, as a client has to name it.

    ``signatures`` is None when something changes them that is not followed; one for each overload otherwise.
    """

    name: str
    receiver: Receiver
    class_name: str | None
    signatures: tuple[tuple[Param, ...], ...] | None
    workflow: KnownWorkflow
    path: str | None = None
    line: int = 0


@dataclass(slots=True, kw_only=True)
class RegisteredNames:
    """The workflows by name that a module may mean.

    ``is_whole`` says that the application registers no others, and ``is_ours`` that the module belongs to that
    application rather than lying beside it; ``application`` names where the workflows come from, for messages.
    ``others`` are names that other applications of the project register.
    """

    workflows: dict[str, list[RegisteredWorkflow]] = field(default_factory=dict[str, list[RegisteredWorkflow]])
    others: set[str] = field(default_factory=set[str])
    is_whole: bool = False
    is_ours: bool = False
    application: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOptions:
    """A call of ``Queue``; ``name`` is None when it is not a constant."""

    name: str | None
    call: ast.Call
    source: Source


class Registrations:
    """Finds out what is registered, once for each application."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._configs: dict[str, Config | None] = {}
        self._names: Memory[str, RegisteredNames] = Memory(program.project)
        self._imports: Memory[str, list[Source]] = Memory(program.project)
        self._queues: Memory[str, tuple[QueueOptions, ...]] = Memory(program.project)
        self._signatures = Signatures(program.annotations, Diagnostics())

    def only(self, name: str, source: Source) -> KnownWorkflow | None:
        """Return the workflow of that name, as a module sees it, when there is exactly one."""
        found = self.names(source).workflows.get(name, [])
        return found[0].workflow if len(found) == 1 else None

    def names(self, source: Source) -> RegisteredNames:
        """Return the workflows of the application that a module belongs to."""
        return self._names.get(source.name, lambda: self._read_names(source), RegisteredNames)

    def queues(self, source: Source) -> tuple[QueueOptions, ...]:
        """Return the queues that the application of a module makes, as far as it is at hand."""
        return self._queues.get(source.name, lambda: self._read_queues(source), tuple[QueueOptions, ...])

    def config(self, source: Source) -> Config | None:
        """Return the settings of the project that a module belongs to, None when there are none."""
        file = self._program.project.locate(source.name)
        if file is None:
            return None
        folder = file.resolve().parent
        key = str(folder)
        if key not in self._configs:
            self._configs[key] = _config(folder)
        return self._configs[key]

    # --- workflows --------------------------------------------------------------------------------------------------

    def _read_names(self, source: Source) -> RegisteredNames:
        self._program.project.consult_everything()
        config = self.config(source)
        names = RegisteredNames()
        own = self.imported([source])
        chosen: list[Source] = []
        if config is not None:
            selected, chosen = self._configured(config)
            names.is_whole = bool(chosen) and len(chosen) == selected
            names.is_ours = _is_ours(source, chosen, own, config)
            names.application = f"`modules` of {config.file.name}"
            if not chosen:
                self._add_locked(config, names)
        near = _near(source, chosen)
        for found in self.imported([*own, *near]):
            for registered in self._defined_in(found, names):
                names.workflows.setdefault(registered.name, []).append(registered)
        for found in chosen:
            if found not in near:
                names.others |= {registered.name for registered in self._defined_in(found, names)}
        return names

    def _configured(self, config: Config) -> tuple[int, list[Source]]:
        """Return how many modules the settings name, and those that could be read."""
        selected = discover(config, self._program.project, Diagnostics())
        found = [self._program.resolver.load(selection.name) for selection in selected]
        return len(selected), [source for source in found if source is not None]

    def _add_locked(self, config: Config, names: RegisteredNames) -> None:
        try:
            text = (config.project / FILE_NAME).read_text(encoding="utf-8")
            contracts = from_text(text, FILE_NAME)
        except (OSError, UnicodeDecodeError, LockError):
            return
        names.is_whole = names.is_ours = bool(contracts.workflows)
        names.application = FILE_NAME
        for contract in contracts.workflows.values():
            names.workflows.setdefault(contract.name, []).append(_of_contract(contract))

    def _defined_in(self, source: Source, names: RegisteredNames) -> Iterator[RegisteredWorkflow]:
        for node, scope in functions_of(source):
            mark = self._program.decorators.workflow(node, scope)
            if mark is None or self._program.decorators.is_overload(node, scope):
                continue
            if mark.has_unknown_name:
                names.is_whole = False
                continue
            qualname = f"{scope.owner_path}.{node.name}".lstrip(".")
            receiver = self._program.decorators.receiver(node, scope)
            class_name = None
            if scope.owner is not None and receiver in (Receiver.INSTANCE, Receiver.CLASS):
                class_name = self._program.decorators.class_name(scope.owner, scope.owner_path, Scope(source=source))
            recorded = Recorded(kind="workflow", name=mark.name or qualname, node=node, scope=scope)
            yield RegisteredWorkflow(
                name=recorded.name,
                receiver=receiver,
                class_name=class_name,
                signatures=self._signatures_of(node, scope, receiver),
                workflow=defined(recorded),
                path=source.path,
                line=node.lineno,
            )

    def _signatures_of(
        self, node: FunctionNode, scope: Scope, receiver: Receiver
    ) -> tuple[tuple[Param, ...], ...] | None:
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            symbol = self._program.resolver.resolve(scope, called)
            is_known = symbol is not None and (symbol.is_runtime or symbol.path in _OVER_METHODS)
            if not is_known:
                return None
        return (self._signatures.read(node, scope, receiver).params,)

    # --- queues -----------------------------------------------------------------------------------------------------

    def _read_queues(self, source: Source) -> tuple[QueueOptions, ...]:
        self._program.project.consult_everything()
        config = self.config(source)
        near = [] if config is None else _near(source, self._configured(config)[1])
        return tuple(options for found in self.imported([source, *near]) for options in queues_in(found, self._program))

    def is_mentioned(self, word: str, source: Source, *, least: int = 1) -> bool:
        """Whether the files of the project, with this module's own, have a word at least so many times."""
        self._program.project.consult_everything()
        config = self.config(source)
        file = self._program.project.locate(source.name)
        if config is not None:
            root = config.root
        elif file is not None:
            root = file.resolve().parents[len(source.name.split(".")) - (0 if source.is_package else 1)]
        else:
            return True
        return _count(root, word.encode(), least) >= least

    # --- modules ----------------------------------------------------------------------------------------------------

    def imported(self, sources: Iterable[Source]) -> list[Source]:
        """Return modules of the project with those that they import, directly or not."""
        found: dict[str, Source] = {}
        pending = [*sources]
        while pending:
            source = pending.pop()
            if source.name not in found:
                found[source.name] = source
                pending.extend(self._imports.get(source.name, partial(self._read_imports, source), list[Source]))
        return [found[name] for name in sorted(found)]

    def _read_imports(self, source: Source) -> list[Source]:
        names = source.bindings.modules | set(source.bindings.stars)
        for binding in source.bindings.names.values():
            match binding:
                case ImportedModule(module):
                    names.add(module)
                case ImportedName(module, name):
                    names |= {module, f"{module}.{name}"}
                case Defined():
                    pass
        loaded = [self._program.resolver.load(name) for name in sorted(names)]
        return [found for found in loaded if found is not None]


def functions_of(source: Source) -> Iterator[tuple[FunctionNode, Scope]]:
    """Yield the functions of a module and of its classes, in the order of the source; nested ones not."""
    pending: list[tuple[ast.AST, Scope]] = [(statement, Scope(source=source)) for statement in source.tree.body[::-1]]
    while pending:
        node, scope = pending.pop()
        if isinstance(node, FunctionNode):
            yield node, scope
        elif isinstance(node, ast.ClassDef):
            path = f"{scope.owner_path}.{node.name}".lstrip(".")
            inner = Scope(source=source, owner=node, owner_path=path)
            pending.extend((statement, inner) for statement in node.body[::-1])
        elif isinstance(node, ast.stmt):
            pending.extend((child, scope) for child in [*ast.iter_child_nodes(node)][::-1])


def queues_in(source: Source, program: Program) -> Iterator[QueueOptions]:
    """Yield the calls of ``Queue`` in a module."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            written = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            # Names of classes are capital; looking each call up would take longer than everything else.
            symbol = program.resolver.resolve(Scope(source=source), node.func) if written[:1].isupper() else None
            if symbol is not None and symbol.is_dbos("Queue"):
                name = argument(node, 0, "name")
                yield QueueOptions(name=_constant(name, source, program), call=node, source=source)


def _count(root: Path, word: bytes, least: int) -> int:
    """Count a word in the files below a folder, up to a number; folders that are no packages are not searched."""
    found = searched = 0
    pending = [str(root)]
    while pending and found < least:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name.isidentifier() and entry.name not in _NOT_SEARCHED:
                        pending.append(entry.path)
                elif entry.name.endswith(".py"):
                    searched += 1
                    found += Path(entry.path).read_bytes().count(word)
        if searched > _MOST_FILES:
            return least
    return found


def _constant(node: ast.expr | None, source: Source, program: Program) -> str | None:
    if isinstance(node, ast.Name | ast.Attribute):
        symbol = program.resolver.resolve(Scope(source=source), node)
        match symbol.node if symbol is not None else None:
            case ast.Assign(value=value) | ast.AnnAssign(value=value):
                node = value
            case _:
                return None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _near(source: Source, chosen: list[Source]) -> list[Source]:
    """Return the configured modules of the application that a module belongs to.

    These are all when they lie in one package, else those in the package that the module lies in.
    """
    tops = {found.name.partition(".")[0] for found in chosen}
    if len(tops) <= 1:
        return chosen
    top, dot, _ = source.name.partition(".")
    return [found for found in chosen if dot and found.name.startswith(f"{top}.")]


def _is_ours(source: Source, chosen: list[Source], own: list[Source], config: Config) -> bool:
    """Whether a module surely belongs to the application: by where it lies, or as it imports its generated code."""
    if any(found.name == config.output or found.name.startswith(f"{config.output}.") for found in own):
        return True
    package = source.name if source.is_package else source.name.rpartition(".")[0]
    packages = {found.name.rpartition(".")[0] for found in chosen if "." in found.name}
    return len(chosen) == 1 or any(package == each or package.startswith(f"{each}.") for each in packages)


def _config(folder: Path) -> Config | None:
    try:
        return load_for_rules(find(folder))
    except ConfigError:
        return None


def _of_contract(contract: Contract) -> RegisteredWorkflow:
    receiver = Receiver(contract.receiver)
    return RegisteredWorkflow(
        name=contract.name,
        receiver=receiver,
        class_name=contract.class_name,
        signatures=tuple(
            tuple(
                Param(
                    name=parameter.name,
                    kind=ParamKind(parameter.kind),
                    type=_type_of(parameter.type),
                    has_default=parameter.has_default,
                )
                for parameter in parameters
            )
            for parameters, _ in contract.signatures
        ),
        workflow=KnownWorkflow(module=contract.module, qualname=contract.qualname, name=contract.name),
    )


def _type_of(text: str) -> TypeRef:
    return builtin(text) if text in _BUILTINS else ANY
