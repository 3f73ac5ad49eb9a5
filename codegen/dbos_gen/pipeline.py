"""From configuration to files: scan, check names, render, compare, write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dbos_gen.config import Config
from dbos_gen.diagnostics import Code, Diagnostic, Diagnostics
from dbos_gen.model import Module, Workflow
from dbos_gen.names import names_of
from dbos_gen.render import render
from dbos_gen.scan import ModuleScanner, Project, discover
from dbos_gen.write import Action, Change, apply, plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run found; ``changes`` is empty when errors stopped it before the output was planned."""

    modules: tuple[Module, ...]
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]
    has_errors: bool

    @property
    def drift(self) -> tuple[Change, ...]:
        """The changes that are not ``SAME``."""
        return tuple(change for change in self.changes if change.action is not Action.SAME)


def scan(config: Config) -> Result:
    """Read the modules and report what is wrong with them; nothing is rendered."""
    diagnostics = Diagnostics()
    project = Project(config.root, base=config.project, diagnostics=diagnostics)
    modules = _scan(config, project, diagnostics)
    return _result(modules, (), diagnostics)


def check(config: Config) -> Result:
    """Compare the output package with what it should be; nothing is written."""
    diagnostics = Diagnostics()
    modules, changes = _plan(config, diagnostics)
    return _result(modules, changes, diagnostics)


def generate(config: Config) -> Result:
    """Bring the output package up to date; with errors, it stays as it was."""
    diagnostics = Diagnostics()
    modules, changes = _plan(config, diagnostics)
    if not diagnostics.has_errors:
        apply(changes, config.output_folder, diagnostics=diagnostics)
    return _result(modules, changes, diagnostics)


def _result(modules: tuple[Module, ...], changes: tuple[Change, ...], diagnostics: Diagnostics) -> Result:
    return Result(modules=modules, changes=changes, diagnostics=diagnostics.sorted(), has_errors=diagnostics.has_errors)


def _plan(config: Config, diagnostics: Diagnostics) -> tuple[tuple[Module, ...], tuple[Change, ...]]:
    project = Project(config.root, base=config.project, diagnostics=diagnostics)
    modules = _scan(config, project, diagnostics)
    paths = _output_paths(modules, config, diagnostics)
    if diagnostics.has_errors:
        return modules, ()
    files = render(((module, paths[module.name]) for module in modules), first_party=project.top_level_names())
    return modules, plan(files, config.output_folder, base=config.project, diagnostics=diagnostics)


def _scan(config: Config, project: Project, diagnostics: Diagnostics) -> tuple[Module, ...]:
    scanner = ModuleScanner(project, diagnostics)
    found: list[Module] = []
    for selection in discover(config, project, diagnostics):
        module = scanner.scan(selection.name)
        if module is None:
            continue
        if module.workflows:
            _check_names(module, diagnostics)
            found.append(module)
        elif selection.is_explicit and not diagnostics.mentions(module.path):
            diagnostics.add(
                Code.DG006, module.path, 0, f"{module.name} defines no workflows", "remove it from `modules`"
            )
    _check_registrations(found, diagnostics)
    return tuple(found)


def _check_names(module: Module, diagnostics: Diagnostics) -> None:
    """Report names that two workflows of one module need for different things."""
    users: dict[str, tuple[str, str, int]] = {}
    for workflow in module.workflows:
        names = names_of(workflow.qualname)
        top = workflow.qualname.partition(".")[0]
        wanted = {names.handle: "the handle", names.ref: "the reference", names.client: "the client"}
        wanted[top] = "the workflow" if top == workflow.qualname else "the namespace"
        for name, use in wanted.items():
            other = users.setdefault(name, (workflow.qualname, use, workflow.line))
            shared = other[1] == use == "the namespace"
            if other[0] != workflow.qualname and not shared:
                diagnostics.add(
                    Code.DG020,
                    module.path,
                    workflow.line,
                    f"`{name}` would be both {other[1]} of workflow `{other[0]}` (line {other[2]}) and {use} of "
                    f"workflow `{workflow.qualname}` in the generated module",
                    "rename one of the two functions",
                )
                break


def _check_registrations(modules: Iterable[Module], diagnostics: Diagnostics) -> None:
    """Report explicit names that two workflows register."""
    first: dict[str, tuple[Module, Workflow]] = {}
    for module in modules:
        for workflow in module.workflows:
            other = first.setdefault(workflow.name, (module, workflow))
            if other[1] is not workflow:
                diagnostics.add(
                    Code.DG021,
                    module.path,
                    workflow.line,
                    f"workflow `{workflow.qualname}` registers the name `{workflow.name}`, which "
                    f"{other[0].path}:{other[1].line} registers too",
                    'give one of them another name: `@DBOS.workflow(name="...")`',
                )


def _output_paths(modules: Iterable[Module], config: Config, diagnostics: Diagnostics) -> dict[str, str]:
    """Return each module's place in the output package, without a suffix."""
    parent = config.output.rpartition(".")[0]
    places: dict[str, str] = {}
    for module in modules:
        inside = module.name.removeprefix(f"{parent}.") if parent else module.name
        places[module.name] = inside.replace(".", "/")
    folders = {place.rpartition("/")[0] for place in places.values()}
    for folder in list(folders):
        parts = folder.split("/")
        folders |= {"/".join(parts[: depth + 1]) for depth in range(len(parts))}
    users: dict[str, Module] = {}
    for module in modules:
        place = places[module.name]
        if place in folders:
            places[module.name] = place = f"{place}/__init__"
        other = users.setdefault(place, module)
        if other is not module:
            diagnostics.add(
                Code.DG022,
                module.path,
                0,
                f"{module.name} and {other.name} would both be generated as {config.output}.{place.replace('/', '.')}",
                "rename one of the modules, or choose an `output` outside both packages",
            )
    return places
