"""Names that two workflows need for different things, and places that two modules need."""

from __future__ import annotations

from collections.abc import Iterable

from dbos_gen.sources.cache import CachedModule, Registration
from dbos_gen.sources.config import REFS_OF_DBOS, Config
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.identifiers import names_of
from dbos_gen.vocabulary.model import Module


def check_names(module: Module, diagnostics: Diagnostics) -> None:
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


def check_registrations(entries: Iterable[CachedModule], diagnostics: Diagnostics) -> None:
    """Report registered names that two workflows share."""
    first: dict[str, tuple[CachedModule, Registration]] = {}
    for entry in entries:
        for workflow in entry.registrations:
            if workflow.is_inherited:
                continue
            other = first.setdefault(workflow.name, (entry, workflow))
            if other[1] is not workflow:
                diagnostics.add(
                    Code.DG021,
                    entry.path,
                    workflow.line,
                    f"workflow `{workflow.qualname}` registers the name `{workflow.name}`, which "
                    f"{other[0].path}:{other[1].line} registers too",
                    'give one of them another name: `@DBOS.workflow(name="...")`',
                )


def output_paths(entries: Iterable[CachedModule], config: Config, diagnostics: Diagnostics) -> dict[str, str]:
    """Return each module's place in the output package, without a suffix."""
    modules = list(entries)
    parent = config.output.rpartition(".")[0]
    places: dict[str, str] = {}
    for module in modules:
        inside = module.name.removeprefix(f"{parent}.") if parent else module.name
        places[module.name] = inside.replace(".", "/")
    folders = {place.rpartition("/")[0] for place in places.values()}
    for folder in list(folders):
        parts = folder.split("/")
        folders |= {"/".join(parts[: depth + 1]) for depth in range(len(parts))}
    users: dict[str, CachedModule] = {}
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


def package_paths(places: Iterable[str], config: Config) -> tuple[str, ...]:
    """Return the files of the output package that belong to no module."""
    modules = set(places)
    folders = {""}
    for place in modules:
        parts = place.split("/")[:-1]
        folders |= {"/".join(parts[: depth + 1]) for depth in range(len(parts))}
    inits = {f"{folder}/__init__".lstrip("/") for folder in folders} - modules
    refs = () if config.runtime == "dbos_typed" else (f"{REFS_OF_DBOS}.py",)
    return ("py.typed", *refs, *sorted(f"{init}.py" for init in inits))
