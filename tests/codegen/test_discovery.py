"""Which modules an entry of `modules` means."""

from pathlib import Path

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from tests.codegen.projects import WORKFLOWS, write_project

_FILES = {
    "shop/workflows.py": WORKFLOWS,
    "shop/billing/__init__.py": "",
    "shop/billing/invoices.py": WORKFLOWS.replace("checkout", "invoice"),
    "shop/billing/deep/__init__.py": "",
    "shop/billing/deep/taxes.py": WORKFLOWS.replace("checkout", "tax"),
    "shop/plain.py": "x = 1\n",
}


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ('["shop.workflows"]', ["shop.workflows"]),
        ('["shop.*"]', ["shop.workflows"]),
        ('["shop.billing.*"]', ["shop.billing.invoices"]),
        ('["shop.**"]', ["shop.billing.deep.taxes", "shop.billing.invoices", "shop.workflows"]),
        ('["shop/workflows.py"]', ["shop.workflows"]),
        ('["shop/billing"]', ["shop.billing.deep.taxes", "shop.billing.invoices"]),
        ('["shop/**/*.py"]', ["shop.billing.deep.taxes", "shop.billing.invoices", "shop.workflows"]),
        ('["shop.workflows", "shop/workflows.py", "shop.w*"]', ["shop.workflows"]),
    ],
)
def test_entries_name_modules(tmp_path: Path, entries: str, expected: list[str]) -> None:
    config = f'[tool.dbos-gen]\nmodules = {entries}\noutput = "shop.generated"\n'
    result = pipeline.scan(load(write_project(tmp_path, _FILES, config=config)))
    assert [module.name for module in result.modules] == expected
    assert not result.has_errors


def test_generated_modules_are_not_scanned_again(tmp_path: Path) -> None:
    config = load(
        write_project(tmp_path, _FILES, config='[tool.dbos-gen]\nmodules = ["shop.**"]\noutput = "shop.generated"\n')
    )
    first = pipeline.generate(config)
    second = pipeline.generate(config)
    assert first.drift
    assert not second.drift
    assert first.module_count == second.module_count


def test_modules_keep_their_place_below_the_package_of_the_output(tmp_path: Path) -> None:
    config = '[tool.dbos-gen]\nmodules = ["shop.**", "other"]\noutput = "shop.generated"\n'
    files = {
        **_FILES,
        "other.py": WORKFLOWS.replace("checkout", "other"),
        "shop/billing/__init__.py": WORKFLOWS.replace("checkout", "bill"),
    }
    result = pipeline.generate(load(write_project(tmp_path, files, config=config)))
    assert [
        change.shown.removeprefix("shop/generated/") for change in result.changes if change.shown.endswith(".pyi")
    ] == [
        "billing/__init__.pyi",
        "billing/deep/taxes.pyi",
        "billing/invoices.pyi",
        "other.pyi",
        "workflows.pyi",
    ]
    assert (tmp_path / "shop/generated/billing/deep/__init__.py").is_file()


def test_an_entry_that_matches_nothing_is_an_error_with_the_nearest_name(tmp_path: Path) -> None:
    config = (
        '[tool.dbos-gen]\nmodules = ["shop.wrkflows", "shop.none.*", "elsewhere/x.py"]\noutput = "shop.generated"\n'
    )
    result = pipeline.generate(load(write_project(tmp_path, _FILES, config=config)))
    assert [diagnostic.code for diagnostic in result.diagnostics] == ["DG003"] * 3
    assert "did you mean 'shop.workflows'?" in str(result.diagnostics)
    assert not (tmp_path / "shop/generated").exists()


def test_a_named_module_without_workflows_is_a_warning(tmp_path: Path) -> None:
    config = '[tool.dbos-gen]\nmodules = ["shop.plain", "shop.workflows"]\noutput = "shop.generated"\n'
    result = pipeline.generate(load(write_project(tmp_path, _FILES, config=config)))
    assert [str(diagnostic) for diagnostic in result.diagnostics] == [
        "shop/plain.py:0: DG006 warning: shop.plain defines no workflows; remove it from `modules`"
    ]
