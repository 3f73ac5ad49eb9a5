"""The command ``dbos-gen``. Exit codes: 0 all well, 1 errors or drift, 2 wrong usage or configuration."""

from __future__ import annotations

import enum
import gc
from pathlib import Path
from typing import Annotated, NoReturn

import typer

import dbos_gen
from dbos_gen import pipeline
from dbos_gen.config import Config, ConfigError, find, load
from dbos_gen.diagnostics import Code, Level
from dbos_gen.formats import as_github, as_json, as_json_text, as_text
from dbos_gen.model import Module, Param, ParamKind, TypeRef, Workflow
from dbos_gen.write import Action

app = typer.Typer(
    name="dbos-gen",
    help="Generate typed references to the workflows of an application.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Format(enum.Enum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The pyproject.toml to use; default: the nearest one upwards.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How results are printed.")]


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
    config: ConfigOption = None,
    output_format: FormatOption = Format.TEXT,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Generate the output package; `dbos-gen generate` is the same."""
    del version
    if context.invoked_subcommand is None:
        _run(config, output_format, check=check)
    elif check:
        typer.echo("--check stands without a command: dbos-gen --check", err=True)
        raise typer.Exit(2)


@app.command()
def generate(config: ConfigOption = None, output_format: FormatOption = Format.TEXT) -> None:
    """Generate the output package."""
    _run(config, output_format, check=False)


@app.command("list")
def list_workflows(config: ConfigOption = None, output_format: FormatOption = Format.TEXT) -> None:
    """List the workflows with their parameters, results, events and topics."""
    result = pipeline.scan(_load(config))
    if output_format is Format.JSON:
        workflows = [_as_json(module, workflow) for module in result.modules for workflow in module.workflows]
        document = {"workflows": workflows, "diagnostics": as_json(result.diagnostics)}
        typer.echo(as_json_text(document), nl=False)
    else:
        for module in result.modules:
            for workflow in module.workflows:
                typer.echo(_as_line(module, workflow))
        _print_diagnostics(result, output_format)
    raise typer.Exit(1 if result.has_errors else 0)


@app.command()
def explain(code: Annotated[str, typer.Argument(help="A code such as DG011.")]) -> None:
    """Say what a diagnostic code means."""
    known = {entry.name: entry for entry in Code}
    entry = known.get(code.upper())
    if entry is None:
        typer.echo(f"unknown code {code}; known: {', '.join(known)}", err=True)
        raise typer.Exit(2)
    typer.echo(f"{entry.name} ({entry.level.value}): {entry.explanation}")


def _load(path: Path | None) -> Config:
    try:
        if path is not None and not path.is_file():
            _fail_usage(f"--config {path}: there is no such file")
        return load((path or find(Path.cwd())).resolve())
    except ConfigError as error:
        _fail_usage(str(error))


def _fail_usage(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(2)


def _run(path: Path | None, output_format: Format, *, check: bool) -> None:
    config = _load(path)
    result = pipeline.check(config) if check else pipeline.generate(config)
    failed = result.has_errors or (check and bool(result.drift))
    if output_format is Format.JSON:
        document = {
            "diagnostics": as_json(result.diagnostics),
            "files": [{"path": change.shown, "action": change.action.value} for change in result.changes],
            "ok": not failed,
        }
        typer.echo(as_json_text(document), nl=False)
        raise typer.Exit(1 if failed else 0)
    _print_diagnostics(result, output_format)
    if check:
        _print_drift(result, output_format)
    else:
        _print_summary(result)
    raise typer.Exit(1 if failed else 0)


def _print_diagnostics(result: pipeline.Result | pipeline.Scan, output_format: Format) -> None:
    if output_format is Format.GITHUB:
        typer.echo(as_github(result.diagnostics), nl=False)
    else:
        typer.echo(as_text(result.diagnostics), nl=False, err=True)


def _print_drift(result: pipeline.Result, output_format: Format) -> None:
    for change in result.drift:
        if output_format is Format.GITHUB:
            typer.echo(f"::error file={change.shown},line=1,title=dbos-gen::out of date; run dbos-gen")
        else:
            typer.echo(change.diff(), nl=False)
    if result.drift:
        count = len(result.drift)
        verb = "is" if count == 1 else "are"
        typer.echo(f"{_counted(count, 'generated file')} {verb} out of date; run dbos-gen", err=True)


def _print_summary(result: pipeline.Result) -> None:
    if result.has_errors:
        errors = sum(diagnostic.level is Level.ERROR for diagnostic in result.diagnostics)
        typer.echo(f"{_counted(errors, 'error')}; nothing was written", err=True)
        return
    for change in result.drift:
        typer.echo(f"{change.action.value}d {change.shown}")
    same = sum(change.action is Action.SAME for change in result.changes)
    typer.echo(
        f"{_counted(result.workflow_count, 'workflow')} in {_counted(result.module_count, 'module')}; "
        f"{_counted(len(result.drift), 'file')} changed, {same} unchanged"
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"


def _as_line(module: Module, workflow: Workflow) -> str:
    lines: list[str] = []
    for signature in workflow.signatures:
        params = ", ".join(_shown_param(param) for param in signature.params)
        keyword = "async " if workflow.is_async else ""
        lines.append(f"{keyword}{module.name}:{workflow.qualname}({params}) -> {_shown(signature.result)}")
    lines.extend(f"    event {event.key}: {_shown(event.type)}" for event in workflow.events)
    lines.extend(f"    topic {topic.name}: {_shown(topic.type)}" for topic in workflow.topics)
    return "\n".join(lines)


def _as_json(module: Module, workflow: Workflow) -> dict[str, object]:
    return {
        "module": module.name,
        "qualname": workflow.qualname,
        "name": workflow.name,
        "kind": workflow.receiver.value,
        "async": workflow.is_async,
        "file": module.path,
        "line": workflow.line,
        "signatures": [
            {
                "parameters": [_shown_param(param) for param in signature.params],
                "result": _shown(signature.result),
            }
            for signature in workflow.signatures
        ],
        "events": {event.key: _shown(event.type) for event in workflow.events},
        "topics": [{"topic": topic.name, "type": _shown(topic.type)} for topic in workflow.topics],
    }


def _shown(kind: TypeRef) -> str:
    return "".join(part if isinstance(part, str) else part.path for part in kind.parts)


def _shown_param(param: Param) -> str:
    stars = {ParamKind.VAR_POSITIONAL: "*", ParamKind.VAR_KEYWORD: "**"}.get(param.kind, "")
    default = " = ..." if param.has_default else ""
    return f"{stars}{param.name}: {_shown(param.type)}{default}"
