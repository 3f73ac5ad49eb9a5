"""Modules with workflows may use the references that are generated: generating is done after one run."""

from pathlib import Path

from dbos_gen.generate import pipeline
from dbos_gen.sources.config import load

CHILD = """
from dbos_typed import DBOS


@DBOS.workflow()
def child(n: int) -> int:
    return n
"""

PARENT = """
from dbos_typed import DBOS
from shop.generated.child import child


@DBOS.workflow()
def parent(n: int) -> int:
    return child.start(n).get_result()
"""


def test_one_run_is_enough(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    for name, text in {"__init__": "", "child": CHILD, "parent": PARENT}.items():
        (package / f"{name}.py").write_text(text)
    settings = '[tool.dbos-gen]\nmodules = ["shop.child", "shop.parent"]\noutput = "shop.generated"\n'
    (tmp_path / "pyproject.toml").write_text(settings)
    config = load(tmp_path / "pyproject.toml")
    assert not pipeline.generate(config).has_errors
    for use_cache in (True, False):
        assert not pipeline.check(config, use_cache=use_cache).drift
