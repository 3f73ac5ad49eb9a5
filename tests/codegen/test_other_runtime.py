"""Modules that are written against the package dbos."""

from pathlib import Path

import pytest

from dbos_gen import pipeline
from dbos_gen.config import ConfigError, load
from tests.codegen.projects import CONFIG, WORKFLOWS, write_project

_PEER = """\
from dbos import DBOS


@DBOS.workflow()
def checkout(order_id: str) -> int:
    DBOS.set_event("progress", 1)
    DBOS.start_workflow(checkout, "again")
    queue = DBOS.register_queue("orders")
    queue.enqueue(checkout, "later").get_result()
    return 1
"""


def test_references_come_with_their_own_bases(tmp_path: Path) -> None:
    config = load(write_project(tmp_path, {"shop/workflows.py": _PEER}, config=f'{CONFIG}runtime = "dbos"\n'))
    result = pipeline.generate(config)
    assert result.diagnostics == ()
    assert sorted(path.name for path in config.output_folder.iterdir()) == [
        "__init__.py",
        "_dbos_refs.py",
        "py.typed",
        "workflows.py",
        "workflows.pyi",
    ]
    assert "import shop.generated._dbos_refs as _refs\n" in (config.output_folder / "workflows.py").read_text()
    stub = (config.output_folder / "workflows.pyi").read_text()
    assert "    def start(self, order_id: str) -> CheckoutHandle: ...\n" in stub
    assert "from shop.generated._dbos_refs import WorkflowHandle as _WorkflowHandle\n" in stub
    for file in config.output_folder.iterdir():
        assert "dbos_typed" not in file.read_text()


def test_the_lock_file_knows_the_calls(tmp_path: Path) -> None:
    config = load(write_project(tmp_path, {"shop/workflows.py": _PEER}, config=f'{CONFIG}runtime = "dbos"\n'))
    contract = pipeline.scan(config).contracts.workflows["checkout"]
    assert [getattr(call, "name", call) for call in contract.calls] == [
        "DBOS.setEvent",
        "checkout",
        "checkout",
        "DBOS.getResult",
    ]


@pytest.mark.parametrize(("source", "runtime"), [(_PEER, "dbos_typed"), (WORKFLOWS, "dbos")])
def test_workflows_of_the_other_runtime_are_not_taken_for_ones_of_this(
    tmp_path: Path, source: str, runtime: str
) -> None:
    config = load(write_project(tmp_path, {"shop/workflows.py": source}, config=f'{CONFIG}runtime = "{runtime}"\n'))
    assert [found.code for found in pipeline.generate(config).diagnostics] == ["DG006"]


def test_an_unknown_runtime_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`runtime` is 'celery'; give one of dbos_typed, dbos"):
        load(write_project(tmp_path, config=f'{CONFIG}runtime = "celery"\n'))
