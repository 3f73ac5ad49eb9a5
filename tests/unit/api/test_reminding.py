import subprocess
import sys
from pathlib import Path

import pytest

_WORKFLOW = """
from dbos_typed import DBOS

@DBOS.workflow()
def greet() -> None: ...
"""
_CONFIGURED = "\nDBOS(config={'name': 'shop', 'database_url': 'sqlite:///shop.sqlite'})\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (_WORKFLOW, "functions were registered, but DBOS() was not called"),
        (_WORKFLOW + _CONFIGURED, "DBOS exists but launch() was not called"),
        (_WORKFLOW + _CONFIGURED + "DBOS.launch()\nDBOS.destroy()", None),
        (_WORKFLOW + _CONFIGURED + "DBOS.destroy()", None),
        ("from dbos_typed import DBOS" + _CONFIGURED, None),
        ("import shop", None),
    ],
    ids=["not-configured", "not-launched", "launched", "destroyed", "no-workflows", "module-of-workflows"],
)
def test_script_that_runs_none_of_its_workflows_says_so_at_its_end(
    tmp_path: Path, script: str, said: str | None
) -> None:
    (tmp_path / "shop.py").write_text(_WORKFLOW, encoding="utf-8")
    (tmp_path / "main.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert said in done.stdout if said is not None else done.stdout == ""
