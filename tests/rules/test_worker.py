"""The process that checks modules while the type checker does something else."""

import json
import subprocess
import sys
from pathlib import Path

from dbos_gen.check.module_findings import ModuleFindings, entry_from_json
from tests.rules.programs import write

_MODULES = tuple(f"module_{number:02}" for number in range(30))
_FLOW = "import time\nfrom dbos_typed import DBOS\n@DBOS.workflow()\ndef flow():\n    return time.time()\n"


def _checked(folder: Path, modules: tuple[str, ...], count: int) -> list[ModuleFindings]:
    write(folder, {f"{module}.py": _FLOW for module in _MODULES} | {"pyproject.toml": ""})
    tasks = [[module, str(folder / f"{module}.py"), [str(folder)]] for module in modules]
    lines = [json.dumps(line) for line in ([str(folder), str(folder / "pyproject.toml"), []], *tasks)]
    with subprocess.Popen(
        [sys.executable, "-m", "dbos_gen.check.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write("\n".join([*lines, ""]))
        worker.stdin.flush()
        found = [entry_from_json(json.loads(worker.stdout.readline())) for _ in range(count)]
        worker.stdin.close()
        assert worker.wait(30) == 0
        return found


def test_modules_are_checked_once_in_the_order_of_their_names(tmp_path: Path) -> None:
    found = _checked(tmp_path, (*_MODULES, _MODULES[0]), len(_MODULES))
    assert [entry.module for entry in found] == list(_MODULES)
    assert {finding.code for entry in found for finding in entry.findings} == {"dbos-deterministic"}
    assert all(len(entry.findings) == 1 for entry in found)


def test_module_that_is_waited_for_comes_next(tmp_path: Path) -> None:
    found = _checked(tmp_path, (*_MODULES, _MODULES[-1]), len(_MODULES))
    # The first may have been begun before the rest was read.
    assert _MODULES[-1] in [entry.module for entry in found[:2]]
    assert sorted(entry.module for entry in found) == list(_MODULES)
