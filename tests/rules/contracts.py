"""Programs for tests of the rules about events, messages, queues and generated code."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from dbos_gen.vocabulary.findings import Finding
from tests.rules.programs import expected, findings, write

ABOUT_CONTRACTS = frozenset({"dbos-event", "dbos-topic", "dbos-enqueue", "dbos-stale"})
CONFIG = '[tool.dbos-gen]\nmodules = ["shop.workflows"]\noutput = "shop.generated"\n'


def assert_contract_findings(folder: Path, files: Mapping[str, str] | str) -> list[Finding]:
    """Check that the marked lines are reported, each with its code, and no others; return the findings in order."""
    found = [finding for finding in findings(folder, files) if finding.code in ABOUT_CONTRACTS]
    assert {(each.path, each.line, each.code): each.text for each in found}.keys() == expected(files), found
    return found


def write_and_generate(folder: Path, files: Mapping[str, str], config: str = CONFIG) -> None:
    """Write a project with settings and bring its generated package up to date."""
    (folder / "pyproject.toml").write_text(config, encoding="utf-8")
    write(folder, files)
    result = pipeline.generate(load(folder / "pyproject.toml"), use_cache=False)
    assert not result.has_errors, result.diagnostics


def dedented(text: str) -> str:
    """Return a text as the helpers write it."""
    return textwrap.dedent(text)
