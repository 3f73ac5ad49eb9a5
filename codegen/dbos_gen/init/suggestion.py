"""Settings for a project that has none: what its workflows, its imports and its folders suggest."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from dbos_gen.init.import_root import Importing, name_below
from dbos_gen.init.settings import Settings
from dbos_gen.init.surroundings import PYPROJECT, File, Surroundings, look_around
from dbos_gen.module_scanner import ModuleScanner
from dbos_gen.sources.display_paths import relative
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Diagnostics
from dbos_gen.vocabulary.identifiers import MARK
from dbos_gen.vocabulary.runtimes import RUNTIMES

_ASIDE = frozenset({"tests", "test", "docs", "doc", "examples", "example", "benchmarks"})
_TEST = re.compile(r"(?:test_.*|.*_test|conftest)")
T = TypeVar("T")
_OUTPUTS = ("generated", "dbos_generated", "dbos_gen_generated")


class NothingFound(Exception):
    """There is nothing that settings could be about; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Settings, and what about them a person should know."""

    settings: Settings
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Module:
    """A module that defines workflows."""

    name: str
    root: Path
    runtime: str
    file: File


def decide(folder: Path, *, modules: tuple[str, ...], output: str | None, root: str | None) -> Suggestion:
    """Return what is given, and suggestions for what is not; raises NothingFound as `suggest` does."""
    if root is not None and not (folder / root).is_dir():
        raise NothingFound(f"--root {root}: there is no such folder")
    try:
        found = suggest(folder, root=root)
    except NothingFound:
        if not modules:
            raise
        top = modules[0].partition(".")[0]
        package = f"{top}.generated" if "." in modules[0] and top.isidentifier() else "generated"
        found = Suggestion(settings=Settings(modules=modules, output=package))
    settings = replace(
        found.settings,
        modules=modules or found.settings.modules,
        output=output if output is not None else found.settings.output,
        root=root if root is not None else found.settings.root,
    )
    return Suggestion(settings=settings, notes=() if modules else found.notes)


def suggest(folder: Path, *, root: str | None = None) -> Suggestion:
    """Return settings for the modules below a folder; nothing is executed.

    ``root`` is given where it is known. Raises NothingFound where nothing is, or where it belongs to other projects.
    """
    around = look_around(folder)
    importing, scanners = Importing(around), _Scanners(folder)
    given = None if root is None else (folder / root).resolve()
    files = [file for file in around.files if file.may_define_workflows]
    modules: list[_Module] = []
    doubtful: list[tuple[File, str]] = []
    for file in [each for each in files if not _is_aside(each)] or files:
        place = given if given is not None else importing.root_of(file)
        name = name_below(place, file.path) if place is not None and file.path.is_relative_to(place) else ""
        runtime = "" if place is None or not name else scanners.runtime_of(name, place)
        if place is not None and runtime:
            modules.append(_Module(name=name, root=place, runtime=runtime, file=file))
        elif not file.is_valid:
            doubtful.append((file, "it does not parse"))
        elif not name and _imported_runtimes([file]):
            doubtful.append((file, "no module can be imported by that name; rename it"))
    notes = [
        f"{relative(file.path, folder)} is left out: it looks as if it defined workflows, and {why}"
        for file, why in doubtful
    ]
    if not modules:
        return _without_workflows(around, importing, given, notes)
    return _with_workflows(folder, around, modules, notes)


def _with_workflows(folder: Path, around: Surroundings, modules: list[_Module], notes: list[str]) -> Suggestion:
    root = _most(module.root for module in modules)
    runtime = _most(module.runtime for module in modules if module.root == root)
    chosen = [module for module in modules if module.root == root and module.runtime == runtime]
    for module in modules:
        if module.root != root:
            notes.append(
                f"{relative(module.file.path, folder)} is left out: it is imported as {module.name} from "
                f"{relative(module.root, folder)}, which is another root; give it a {PYPROJECT} of its own"
            )
        elif module.runtime != runtime:
            notes.append(
                f"{relative(module.file.path, folder)} is left out: its workflows are those of {module.runtime}; give "
                f"it a {PYPROJECT} of its own"
            )
    notes.extend(_of_others(around))
    names = sorted(module.name for module in chosen)
    output = _output(root, names)
    return Suggestion(
        settings=Settings(modules=tuple(names), output=output, root=relative(root, folder), runtime=runtime),
        notes=tuple(notes),
    )


def _without_workflows(around: Surroundings, importing: Importing, given: Path | None, notes: list[str]) -> Suggestion:
    """Return settings that find the workflows that are going to be written into the packages that are there."""
    folder = around.folder
    files = [file for file in around.files if not _is_aside(file) and not file.text.startswith(MARK)]
    roots = {file: given if given is not None else importing.root_of(file) for file in files}
    known = [
        (root, name)
        for file, root in roots.items()
        if root is not None and file.path.is_relative_to(root) and (name := name_below(root, file.path))
    ]
    if not known:
        raise NothingFound(_why_nothing(around, notes))
    root = _most(root for root, _ in known)
    names = [name for place, name in known if place == root]
    packages = sorted({name.partition(".")[0] for name in names if (root / name.partition(".")[0]).is_dir()})
    patterns = [f"{package}.**" for package in packages] or ["*"]
    return Suggestion(
        settings=Settings(
            modules=tuple(patterns),
            output=_output(root, [name for name in names if "." in name] or names),
            root=relative(root, folder),
            runtime=_most([*_imported_runtimes(around.files), RUNTIMES[0]]),
        ),
        notes=(
            *notes,
            *_of_others(around),
            f"no workflows are here yet; those of modules that match {' or '.join(patterns)} will be found",
        ),
    )


def _why_nothing(around: Surroundings, notes: Sequence[str]) -> str:
    projects = [each for each in around.projects if _may_have_workflows(each)] or around.projects
    others = [relative(project.folder, around.folder) for project in projects if project.files]
    if others:
        ways = "".join(f"\n  dbos-gen init --config {other}/{PYPROJECT}" for other in others)
        return f"the code below this folder belongs to projects of their own; configure each of them:{ways}"
    what = "only notebooks (which are not read)" if around.has_notebooks else "no Python modules"
    lines = [
        *notes,
        f"there are {what} below {around.folder.name or around.folder}, so nothing was written",
        "run this where the code is, or name the modules that there will be:",
        "  dbos-gen init --modules shop.workflows --output shop.generated",
    ]
    return "\n".join(lines)


def _of_others(around: Surroundings) -> list[str]:
    return [
        f"{relative(project.folder, around.folder)} has workflows and a {PYPROJECT} of its own: "
        f"dbos-gen init --config {relative(project.folder, around.folder)}/{PYPROJECT}"
        for project in around.projects
        if _may_have_workflows(project)
    ]


def _may_have_workflows(project: Surroundings) -> bool:
    return any(file.may_define_workflows and _imported_runtimes([file]) for file in project.files)


class _Scanners:
    """Finds out whose workflows modules define; what modules of a root have in common is read once."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self._known: dict[tuple[Path, str], ModuleScanner] = {}

    def runtime_of(self, name: str, root: Path) -> str:
        """Return the runtime whose workflows a module defines, empty when it defines none."""
        for runtime in RUNTIMES:
            module = self._scanner(root, runtime).scan(name)
            if module is not None and module.workflows:
                return runtime
        return ""

    def _scanner(self, root: Path, runtime: str) -> ModuleScanner:
        if (root, runtime) not in self._known:
            diagnostics = Diagnostics()
            project = Project(root, base=self._base, diagnostics=diagnostics)
            self._known[root, runtime] = ModuleScanner(project, diagnostics, runtime=runtime)
        return self._known[root, runtime]


def _imported_runtimes(files: Iterable[File]) -> list[str]:
    imported = (each.module.partition(".")[0] for file in files for each in file.imports[0])
    return [name for name in imported if name in RUNTIMES]


def _output(root: Path, names: Sequence[str]) -> str:
    """Return the package to generate: in the package of the modules, by a name that nothing else there has."""
    packages = [_package_of(root, name) for name in names]
    top = _most(package[:1] for package in packages)
    common = _in_common([package for package in packages if package[:1] == top])
    prefixes = (common[:length] for length in range(1, len(common) + 1))
    # A folder without `__init__.py` may be shared with other projects; a package in it is this project's.
    package = next((each for each in prefixes if root.joinpath(*each, "__init__.py").is_file()), common[:1])
    place = root.joinpath(*package)
    name = next((each for each in _OUTPUTS if _is_free(place, each)), _OUTPUTS[0])
    return ".".join((*package, name))


def _package_of(root: Path, name: str) -> tuple[str, ...]:
    parts = tuple(name.split("."))
    return parts if root.joinpath(*parts, "__init__.py").is_file() else parts[:-1]


def _in_common(packages: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    levels = itertools.takewhile(lambda names: len(set(names)) == 1, zip(*packages, strict=False))
    return tuple(names[0] for names in levels)


def _is_free(place: Path, name: str) -> bool:
    if (place / f"{name}.py").exists():
        return False
    try:
        files = [file for file in (place / name).iterdir() if file.suffix == ".py"]
        return all(file.read_text(encoding="utf-8").startswith(MARK) for file in files)
    except (OSError, UnicodeDecodeError):
        return not (place / name).exists()


def _is_aside(file: File) -> bool:
    return not _ASIDE.isdisjoint(file.parts[:-1]) or any(map(_TEST.fullmatch, file.parts[-1:]))


def _most(values: Iterable[T]) -> T:
    """Return the value that is there most often, of several the first."""
    return Counter(values).most_common(1)[0][0]
