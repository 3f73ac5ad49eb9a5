"""What a module's findings depend on is known, also when the answers were worked out for another module."""

from pathlib import Path

from dbos_gen.check.checker import Checker
from dbos_gen.program.program import Program
from dbos_gen.sources.project import Project
from dbos_gen.vocabulary.diagnostics import Diagnostics
from tests.rules.programs import write

_FLOW = "from dbos_typed import DBOS\nfrom helpers import helper\n@DBOS.workflow()\ndef {name}():\n    helper()\n"


def test_a_second_module_depends_on_what_the_first_one_led_to(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "one.py": _FLOW.format(name="one"),
            "two.py": _FLOW.format(name="two"),
            "helpers.py": "from deeper import now\ndef helper():\n    now()\n",
            "deeper.py": "import time\ndef now():\n    return time.time()\n",
            "unrelated.py": "",
        },
    )
    project = Project(tmp_path, base=tmp_path, diagnostics=Diagnostics())
    checker = Checker(Program(project))
    for name in ("one", "two"):
        with project.asking() as asked:
            assert [finding.line for finding in checker.check(name)] == [5]
        assert {name, "helpers", "deeper"} <= asked
        assert "unrelated" not in asked
