"""The command ``dbos-gen``. Exit codes: 0 all well, 1 errors, drift or unsafe changes, 2 wrong usage or settings."""

from __future__ import annotations

import enum
import gc
import sys
import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

import dbos_gen
from dbos_gen.contract.classes.places import Places
from dbos_gen.contract.comparison.changes import Verdict, differences, worst
from dbos_gen.contract.lock import LockError, from_text
from dbos_gen.contract.revisions import read_base
from dbos_gen.generate import pipeline
from dbos_gen.generate.progress import Bar
from dbos_gen.init.settings import add, check_absent
from dbos_gen.python.scopes.resolution import Resolver
from dbos_gen.report.console import (
    Format,
    print_changes,
    print_checked,
    print_diagnostics,
    print_json,
    print_result,
    workflow_lines,
    workflows_json,
)
from dbos_gen.report.diagrams import dot, mermaid
from dbos_gen.sources.config import Config, ConfigError, find, load, load_for_rules, nearest, of_repository
from dbos_gen.sources.display_paths import relative
from dbos_gen.sources.project import Project
from dbos_gen.sources.watch import snapshot
from dbos_gen.vocabulary.contracts import Contracts
from dbos_gen.vocabulary.diagnostics import Code, Diagnostics
from dbos_gen.vocabulary.findings import Rule

_WATCH_SECONDS = 0.5

app = typer.Typer(
    name="dbos-gen",
    help="Generate typed references to the workflows of an application, and guard its runs against changes.",
    pretty_exceptions_enable=False,
    # Names in brackets, such as [tool.dbos-gen], are markup to rich, which leaves them out.
    rich_markup_mode=None,
)


class Picture(enum.Enum):
    """The language of a graph."""

    MERMAID = "mermaid"
    DOT = "dot"


class FailOn(enum.Enum):
    """Which changes make `dbos-gen diff` fail."""

    NEW_RUNS = "new-runs"
    BREAKS = "breaks"
    NEVER = "never"


ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The pyproject.toml to use; default: the nearest one upwards.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How results are printed.")]
CacheOption = Annotated[bool, typer.Option("--cache/--no-cache", help="Whether to use what earlier runs found out.")]


def main() -> None:
    """Run the command line."""
    # Syntax trees are many objects that live to the end; looking for garbage among them takes a third of the time.
    gc.disable()
    app()


def _version(value: bool) -> None:  # noqa: FBT001  # the signature typer calls
    if value:
        typer.echo(f"dbos-gen {dbos_gen.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def generate_or_check(
    context: typer.Context,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; show a diff and exit 1 on drift.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Generate again whenever a module changes.")] = False,
    config: ConfigOption = None,
    output_format: FormatOption = Format.TEXT,
    cache: CacheOption = True,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Generate the output package; `dbos-gen generate` is the same."""
    del version
    if check and watch:
        _fail_usage("--check and --watch do not go together; give one of them")
    if context.invoked_subcommand is not None:
        if check or watch:
            option = "--check" if check else "--watch"
            _fail_usage(f"{option} stands without a command: dbos-gen {option}")
        return
    if watch:
        _watch(config, output_format)
    _run(config, output_format, is_check=check, use_cache=cache)


@app.command()
def generate(
    *, config: ConfigOption = None, output_format: FormatOption = Format.TEXT, cache: CacheOption = True
) -> None:
    """Generate the output package and the lock file."""
    _run(config, output_format, is_check=False, use_cache=cache)


@app.command()
def init(
    *,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            help="The pyproject.toml to add to, created when there is none; default: the nearest one upwards in the "
            "repository, else pyproject.toml here.",
        ),
    ] = None,
    modules: Annotated[
        list[str] | None, typer.Option("--modules", help="Modules with workflows; default: those that have some.")
    ] = None,
    output: Annotated[str | None, typer.Option("--output", help="The package to generate.")] = None,
    root: Annotated[str | None, typer.Option("--root", help="The folder that holds the packages.")] = None,
) -> None:
    """Add [tool.dbos-gen] to pyproject.toml, leaving the rest of it as it is."""
    # Only this command looks at folders that nobody has configured.
    from dbos_gen.init import suggestion  # noqa: PLC0415  # start-up cost

    file = (config if config is not None else of_repository(Path.cwd())).resolve()
    if not file.parent.is_dir():
        _fail_usage(f"--config {config}: there is no such folder")
    try:
        check_absent(file)
        found = suggestion.decide(file.parent, modules=tuple(modules or ()), output=output, root=root)
        add(file, found.settings)
    except (ConfigError, suggestion.NothingFound) as error:
        _fail_usage(str(error))
    typer.echo(f"added [tool.dbos-gen] to {_near(file)}: {found.settings}")
    for note in found.notes:
        typer.echo(f"note: {note}")


@app.command("list")
def list_workflows(config: ConfigOption = None, output_format: FormatOption = Format.TEXT) -> None:
    """List the workflows with their parameters, results, events and topics."""
    found = pipeline.scan(_load(config))
    if output_format is Format.JSON:
        # As in report: only what prints JSON needs it.
        from dbos_gen.report.diagnostic_formats import as_json  # noqa: PLC0415  # start-up cost

        print_json({"workflows": workflows_json(found.modules), "diagnostics": as_json(found.diagnostics)})
    else:
        if output_format is not Format.SARIF:
            for module in found.modules:
                for workflow in module.workflows:
                    typer.echo(workflow_lines(module, workflow))
        print_diagnostics(found.diagnostics, output_format)
    raise typer.Exit(1 if found.has_errors else 0)


@app.command()
def graph(
    config: ConfigOption = None,
    picture: Annotated[Picture, typer.Option("--as", help="The language of the graph.")] = Picture.MERMAID,
) -> None:
    """Print workflows with their steps, children, events and topics as a graph."""
    contracts = _contracts(_load(config), Format.TEXT)
    typer.echo(mermaid(contracts) if picture is Picture.MERMAID else dot(contracts), nl=False)


@app.command()
def diff(
    *,
    base: Annotated[
        str | None,
        typer.Option("--base", help="A lock file or a git revision; default: HEAD, else the lock file on disk."),
    ] = None,
    config: ConfigOption = None,
    output_format: FormatOption = Format.TEXT,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="The mildest change that exits with 1.")
    ] = FailOn.NEW_RUNS,
) -> None:
    """Say what the changes since a revision mean for runs under way."""
    settings = _load(config)
    try:
        before = read_base(settings.project, base)
        old, new = from_text(before.text, before.where), _contracts(settings, output_format)
        project = Project(settings.root, base=settings.project, diagnostics=Diagnostics())
        changes = differences(old, new, is_importable=Places(Resolver(project)).is_importable)
    except LockError as error:
        _fail_usage(str(error))
    print_changes(changes, before.where, output_format)
    failing = {
        FailOn.NEW_RUNS: (Verdict.NEW_RUNS, Verdict.BREAKS),
        FailOn.BREAKS: (Verdict.BREAKS,),
        FailOn.NEVER: (),
    }
    raise typer.Exit(1 if worst(changes) in failing[fail_on] else 0)


@app.command("check")
def check_rules(
    *,
    modules: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, dotted names or globs; default: `modules` of [tool.dbos-gen]."),
    ] = None,
    enable: Annotated[list[str] | None, typer.Option("--enable", help="The code of a rule to switch on.")] = None,
    disable: Annotated[list[str] | None, typer.Option("--disable", help="The code of a rule to switch off.")] = None,
    config: ConfigOption = None,
    output_format: FormatOption = Format.TEXT,
) -> None:
    """Look for what the runtime would refuse, or what a recovery would do differently, without running anything."""
    # The rules are many modules, which only this command needs.
    from dbos_gen.check import command, selection  # noqa: PLC0415  # start-up cost
    from dbos_gen.sources import rule_options  # noqa: PLC0415  # start-up cost

    problems: list[str] = []
    on = rule_options.codes([code.lower() for code in enable or []], "--enable", problems)
    off = rule_options.codes([code.lower() for code in disable or []], "--disable", problems)
    if problems:
        _fail_usage("\n".join(problems))
    settings = _load_for_rules(config)
    try:
        chosen = selection.select(settings, modules or (), Path.cwd())
    except selection.SelectionError as error:
        _fail_usage(str(error))
    checked = command.check(settings, chosen, enable=on, disable=off)
    print_checked(checked, output_format)
    raise typer.Exit(0 if checked.is_fine else 1)


@app.command()
def explain(code: Annotated[str, typer.Argument(help="A code such as DG011 or dbos-context.")]) -> None:
    """Say what a code means, with an example and the remedy."""
    # As in report: reading the pages is for those who ask.
    from dbos_gen.explanations import page_of  # noqa: PLC0415  # start-up cost

    known = {**{name: name for name in Code.__members__}, **{rule.value.upper(): rule.value for rule in Rule}}
    if code.upper() not in known:
        _fail_usage(f"unknown code {code}; known: {', '.join(known.values())}")
    typer.echo(page_of(known[code.upper()]), nl=False)


def _load(path: Path | None) -> Config:
    try:
        if path is not None and not path.is_file():
            _fail_usage(f"--config {path}: there is no such file")
        return load((path or find(Path.cwd())).resolve())
    except ConfigError as error:
        _fail_usage(str(error))


def _load_for_rules(path: Path | None) -> Config:
    """Return the settings for the rules, which need no table and no pyproject.toml."""
    try:
        if path is not None and not path.is_file():
            _fail_usage(f"--config {path}: there is no such file")
        return load_for_rules(path.resolve() if path is not None else nearest(Path.cwd()))
    except ConfigError as error:
        _fail_usage(str(error))


def _contracts(config: Config, output_format: Format) -> Contracts:
    result = pipeline.check(config)
    if result.has_errors:
        print_diagnostics(result.diagnostics, output_format)
        raise typer.Exit(1)
    return from_text(pipeline.lock_text(config, result), "the lock file")


def _near(file: Path) -> str:
    """Return a path as it is seen from the working directory."""
    return relative(file, Path.cwd().resolve())


def _fail_usage(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)


def _run(path: Path | None, output_format: Format, *, is_check: bool, use_cache: bool) -> None:
    config = _load(path)
    run = pipeline.check if is_check else pipeline.generate
    bar = Bar(sys.stderr)
    result = run(config, use_cache=use_cache, progress=bar)
    bar.clear()
    print_result(result, output_format, is_check=is_check)
    raise typer.Exit(1 if result.has_errors or (is_check and result.drift) else 0)


def _watch(path: Path | None, output_format: Format) -> NoReturn:
    """Generate until interrupted; wrong configuration is reported and waited out."""
    file = _load(path).file
    seen: dict[str, tuple[int, int]] = {}
    config = load(file)
    while True:
        now = snapshot(config)
        if now != seen:
            seen = now
            try:
                config = load(file)
                print_result(pipeline.generate(config), output_format, is_check=False)
            except ConfigError as error:
                typer.echo(str(error), err=True)
            gc.collect()
        time.sleep(_WATCH_SECONDS)
