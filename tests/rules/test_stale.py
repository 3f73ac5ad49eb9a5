"""Generated code that is older than its source is reported where it is imported, and in itself."""

import re
from pathlib import Path

from typer.testing import CliRunner

from dbos_gen.cli import app
from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load
from tests.rules.contracts import CONFIG, assert_contract_findings, write_and_generate
from tests.rules.programs import findings

_KEYS = 'from dbos_typed import Event\n\nPROGRESS = Event[int]("progress")\n'
_WORKFLOWS = """\
from dbos_typed import DBOS
from shop.keys import PROGRESS


@DBOS.workflow()
def checkout(order_id: str) -> int:
    DBOS.set_event(PROGRESS, 1)
    return 1
"""
_USE = """\
from shop.generated.workflows import checkout  # E: dbos-stale
import shop.generated.workflows as generated  # E: dbos-stale
from shop.generated import workflows  # E: dbos-stale
from .generated import workflows as again  # E: dbos-stale
import shop.keys


def late() -> None:
    from shop.generated.workflows import CheckoutHandle  # E: dbos-stale
"""
_FILES = {
    "shop/__init__.py": "",
    "shop/keys.py": _KEYS,
    "shop/workflows.py": _WORKFLOWS,
    "shop/use.py": re.sub("  # E: .*", "", _USE),
}


def test_fresh_code_is_not_reported(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    assert_contract_findings(tmp_path, _FILES)


def test_a_changed_workflow_makes_every_import_of_its_module_stale(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    changed = _WORKFLOWS.replace("order_id", "order")
    files = {**_FILES, "shop/use.py": _USE, "shop/workflows.py": changed}
    found = sorted(each for each in findings(tmp_path, files) if each.code == "dbos-stale")
    assert [(each.path, each.line) for each in found] == [
        ("shop/generated/workflows.py", 1),
        *(("shop/use.py", line) for line in (1, 2, 3, 4, 9)),
    ]
    assert found[1].text == (
        "the generated module shop.generated.workflows is older than shop/workflows.py, so its types are not those of "
        "the workflows"
    )
    assert found[1].hint == "run dbos-gen"


def test_a_module_that_the_workflows_use_counts(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    keys = _KEYS.replace("int", "str")
    assert pipeline.check(load(tmp_path / "pyproject.toml"), use_cache=False).drift == ()
    found = findings(tmp_path, {**_FILES, "shop/keys.py": keys})
    assert ("shop/use.py", 1) in [(each.path, each.line) for each in found if each.code == "dbos-stale"]


def test_running_the_generator_again_is_the_remedy(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    changed = {**_FILES, "shop/workflows.py": _WORKFLOWS.replace("order_id", "order")}
    write_and_generate(tmp_path, changed)
    assert_contract_findings(tmp_path, changed)


def test_a_silenced_import_is_not_reported(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    use = "from shop.generated.workflows import checkout  # dbos: ignore[dbos-stale]\n"
    changed = {**_FILES, "shop/use.py": use, "shop/workflows.py": _WORKFLOWS.replace("order_id", "order")}
    assert not [each for each in findings(tmp_path, changed, modules=["shop.use"]) if each.code == "dbos-stale"]


def test_without_the_sources_nothing_is_older(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    (tmp_path / "shop" / "workflows.py").unlink()
    use = {"shop/use.py": _FILES["shop/use.py"]}
    assert not [each for each in findings(tmp_path, use) if each.code == "dbos-stale"]


def test_a_module_of_the_users_own_in_the_package_is_not_generated(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    files = {**_FILES, "shop/generated/mine.py": "X = 1\n", "shop/more.py": "from shop.generated.mine import X\n"}
    assert_contract_findings(tmp_path, files)


def test_without_settings_nothing_is_generated(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    (tmp_path / "pyproject.toml").write_text(CONFIG.replace("dbos-gen", "other"), encoding="utf-8")
    changed = {**_FILES, "shop/workflows.py": _WORKFLOWS.replace("order_id", "order")}
    assert_contract_findings(tmp_path, changed)


def test_the_command_finds_stale_modules_that_nobody_imports(tmp_path: Path) -> None:
    write_and_generate(tmp_path, _FILES)
    config = str(tmp_path / "pyproject.toml")
    fresh = CliRunner().invoke(app, ["check", "--config", config])
    (tmp_path / "shop" / "workflows.py").write_text(_WORKFLOWS.replace("order_id", "order"), encoding="utf-8")
    stale = CliRunner().invoke(app, ["check", "--config", config])
    assert (fresh.exit_code, stale.exit_code) == (0, 1), fresh.stdout
    assert "shop/generated/workflows.py:1:1: dbos-stale: this module is older than shop/workflows.py" in stale.stdout
