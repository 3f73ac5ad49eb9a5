"""What the command line prints."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from dbos_gen.contract.classes.shapes import type_text
from dbos_gen.contract.comparison.changes import ContractChange, Verdict, worst
from dbos_gen.generate.output_files import Action
from dbos_gen.generate.pipeline import GenerationResult
from dbos_gen.vocabulary.diagnostics import Diagnostic, Level
from dbos_gen.vocabulary.model import Module, Param, ParamKind, Workflow

if TYPE_CHECKING:
    # The rules are many modules, which only `dbos-gen check` needs.
    from dbos_gen.check.command import Checked


class Format(enum.Enum):
    """How results are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def print_json(document: object) -> None:
    """Print one JSON document."""
    # Loaded here because a run that prints text does without: formats read the pages of the codes.
    from dbos_gen.report.diagnostic_formats import as_json_text  # noqa: PLC0415  # start-up cost

    typer.echo(as_json_text(document), nl=False)


def print_diagnostics(diagnostics: Sequence[Diagnostic], output_format: Format) -> None:
    """Print problems: as text to standard error, for programs to standard output."""
    from dbos_gen.report.diagnostic_formats import as_github, as_sarif, as_text  # noqa: PLC0415  # as above

    if output_format is Format.GITHUB:
        typer.echo(as_github(diagnostics), nl=False)
    elif output_format is Format.SARIF:
        typer.echo(as_sarif(diagnostics), nl=False)
    else:
        typer.echo(as_text(diagnostics), nl=False, err=True)


def print_result(result: GenerationResult, output_format: Format, *, is_check: bool) -> None:
    """Print what a run of the generator found and did."""
    if output_format is Format.JSON:
        from dbos_gen.report.diagnostic_formats import as_json  # noqa: PLC0415  # as above

        print_json(
            {
                "diagnostics": as_json(result.diagnostics),
                "files": [{"path": change.shown, "action": change.action.value} for change in result.changes],
                "ok": not (result.has_errors or (is_check and result.drift)),
            }
        )
        return
    print_diagnostics(result.diagnostics, output_format)
    if is_check:
        _print_drift(result, output_format)
    else:
        # Standard output belongs to the document when there is one.
        _print_summary(result, to_errors=output_format is Format.SARIF)


def _print_drift(result: GenerationResult, output_format: Format) -> None:
    for change in result.drift:
        if output_format is Format.GITHUB:
            typer.echo(f"::error file={change.shown},line=1,title=dbos-gen::out of date; run dbos-gen")
        elif output_format is Format.TEXT:
            typer.echo(change.diff(), nl=False)
    if result.drift:
        count = len(result.drift)
        verb = "is" if count == 1 else "are"
        typer.echo(f"{counted(count, 'generated file')} {verb} out of date; run dbos-gen", err=True)


def _print_summary(result: GenerationResult, *, to_errors: bool) -> None:
    if result.has_errors:
        errors = sum(diagnostic.level is Level.ERROR for diagnostic in result.diagnostics)
        typer.echo(f"{counted(errors, 'error')}; nothing was written", err=True)
        return
    for change in result.drift:
        typer.echo(f"{change.action.value}d {change.shown}", err=to_errors)
    same = sum(change.action is Action.SAME for change in result.changes)
    typer.echo(
        f"{counted(result.workflow_count, 'workflow')} in {counted(result.module_count, 'module')}; "
        f"{counted(len(result.drift), 'file')} changed, {same} unchanged",
        err=to_errors,
    )


def print_checked(checked: Checked, output_format: Format) -> None:
    """Print what the rules found."""
    from dbos_gen.report import finding_formats as of_rules  # noqa: PLC0415  # as above

    found = checked.findings
    if output_format is Format.JSON:
        from dbos_gen.report.diagnostic_formats import as_json  # noqa: PLC0415  # as above

        problems = as_json(checked.diagnostics)
        print_json({"diagnostics": problems, "findings": of_rules.as_json(found), "ok": checked.is_fine})
        return
    if output_format is Format.SARIF:
        typer.echo(of_rules.as_sarif(found), nl=False)
        for diagnostic in checked.diagnostics:
            typer.echo(str(diagnostic), err=True)
        return
    print_diagnostics(checked.diagnostics, output_format)
    typer.echo(of_rules.as_github(found) if output_format is Format.GITHUB else of_rules.as_text(found), nl=False)
    files = len({finding.path for finding in found})
    where = f" in {counted(files, 'file')}" if found else ""
    typer.echo(f"{counted(len(found), 'finding')}{where}; {counted(checked.module_count, 'module')} checked", err=True)


def print_changes(changes: tuple[ContractChange, ...], where: str, output_format: Format) -> None:
    """Print what has changed since the lock file that ``where`` names."""
    if output_format is Format.JSON:
        found = [
            {
                "workflow": change.workflow,
                "where": change.where,
                "verdict": change.verdict.value,
                "reason": change.reason,
                "remedy": change.remedy,
            }
            for change in changes
        ]
        print_json({"base": where, "verdict": worst(changes).value, "changes": found})
        return
    levels = {Verdict.SAFE: "notice", Verdict.NEW_RUNS: "warning", Verdict.BREAKS: "error"}
    for change in changes:
        if output_format is Format.GITHUB:
            text = " ".join(str(change).split())
            typer.echo(f"::{levels[change.verdict]} title=dbos-gen diff::{text.replace('%', '%25')}")
        else:
            typer.echo(str(change))
    summary = f"{counted(len(changes), 'change')} since {where}"
    typer.echo(f"{summary}: {worst(changes).value}" if changes else summary, err=True)


def counted(count: int, noun: str) -> str:
    """Return ``1 file`` or ``2 files``."""
    return f"{count} {noun if count == 1 else noun + 's'}"


def workflow_lines(module: Module, workflow: Workflow) -> str:
    """Return what `dbos-gen list` prints of one workflow."""
    lines: list[str] = []
    for signature in workflow.signatures:
        params = ", ".join(_param(param) for param in signature.params)
        keyword = "async " if workflow.is_async else ""
        lines.append(f"{keyword}{module.name}:{workflow.qualname}({params}) -> {type_text(signature.result)}")
    lines.extend(f"    event {event.key}: {type_text(event.type)}" for event in workflow.events)
    lines.extend(f"    topic {topic.name}: {type_text(topic.type)}" for topic in workflow.topics)
    lines.extend(f"    stream {stream.key}: {type_text(stream.type)}" for stream in workflow.streams)
    return "\n".join(lines)


def workflows_json(modules: Iterable[Module]) -> list[dict[str, object]]:
    """Return what `dbos-gen list --format json` prints of all workflows."""
    return [_workflow_json(module, workflow) for module in modules for workflow in module.workflows]


def _workflow_json(module: Module, workflow: Workflow) -> dict[str, object]:
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
                "parameters": [_param(param) for param in signature.params],
                "result": type_text(signature.result),
            }
            for signature in workflow.signatures
        ],
        "events": {event.key: type_text(event.type) for event in workflow.events},
        "topics": [{"topic": topic.name, "type": type_text(topic.type)} for topic in workflow.topics],
        "streams": {stream.key: type_text(stream.type) for stream in workflow.streams},
    }


def _param(param: Param) -> str:
    stars = {ParamKind.VAR_POSITIONAL: "*", ParamKind.VAR_KEYWORD: "**"}.get(param.kind, "")
    default = " = ..." if param.has_default else ""
    return f"{stars}{param.name}: {type_text(param.type)}{default}"
