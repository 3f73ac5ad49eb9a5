"""What is read again when something has changed, and what the output does not depend on."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbos_gen.generate import pipeline
from dbos_gen.sources.cache import FOLDER
from dbos_gen.sources.config import Config, load
from tests.codegen.projects import WORKFLOWS, contents, write_project

_CONFIG = '[tool.dbos-gen]\nmodules = ["shop.**"]\noutput = "shop.generated"\n'
_ORDERS = """\
from dbos_typed import DBOS
from shop.models import Item
from shop.steps import price

@DBOS.workflow()
def order(item: Item) -> int:
    return price(item)
"""
_FILES = {
    "shop/workflows.py": WORKFLOWS,
    "shop/orders.py": _ORDERS,
    "shop/models.py": "class Item:\n    sku: str\n",
    "shop/steps.py": (
        "from dbos_typed import DBOS\nfrom shop.models import Item\n"
        "@DBOS.step()\ndef price(item: Item) -> int:\n    return 1\n"
    ),
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the configuration of a project that is generated."""
    config = load(write_project(tmp_path, _FILES, config=_CONFIG))
    pipeline.generate(config)
    return config


def test_nothing_is_read_when_nothing_has_changed(config: Config) -> None:
    result = pipeline.generate(config)
    assert result.rescanned == ()
    assert not result.drift
    assert (result.workflow_count, result.module_count) == (2, 2)


def test_a_changed_module_is_read_and_those_that_use_it(config: Config) -> None:
    (config.root / "shop/workflows.py").write_text(WORKFLOWS.replace("order_id: str", "order_id: int"))
    result = pipeline.generate(config)
    assert result.rescanned == ("shop.workflows",)
    assert [change.shown for change in result.drift] == [
        "shop/generated/workflows.py",
        "shop/generated/workflows.pyi",
        "workflows.lock.json",
    ]
    with (config.root / "shop/models.py").open("a") as stream:
        stream.write("    size: int = 0\n")
    result = pipeline.generate(config)
    assert result.rescanned == ("shop.models", "shop.orders")
    assert '"size": "int = ..."' in (config.project / "workflows.lock.json").read_text()


def test_what_a_shared_class_inherits_counts_for_every_module_that_stores_it(tmp_path: Path) -> None:
    files = {
        "shop/bases.py": "class Base:\n    size: int\n",
        "shop/models.py": "from shop.bases import Base\n\nclass Item(Base):\n    sku: str\n",
        "shop/orders.py": _ORDERS,
        "shop/steps.py": _FILES["shop/steps.py"],
        "shop/workflows.py": _ORDERS.replace("def order", "def other"),
    }
    config = load(write_project(tmp_path, files, config=_CONFIG))
    pipeline.generate(config)
    (config.root / "shop/bases.py").write_text("class Base:\n    size: str\n")
    assert set(pipeline.generate(config).rescanned) >= {"shop.orders", "shop.workflows"}
    warm = contents(config.project)
    pipeline.generate(config, use_cache=False)
    assert contents(config.project) == warm


def test_a_module_that_appears_where_one_was_looked_for_is_noticed(config: Config) -> None:
    (config.root / "shop/orders.py").write_text(_ORDERS.replace("shop.models", "shop.goods"))
    pipeline.generate(config)
    (config.root / "shop/goods.py").write_text("Item = int\n")
    result = pipeline.generate(config)
    assert "shop.orders" in result.rescanned
    cold = contents(config.project)
    pipeline.generate(config, use_cache=False)
    assert contents(config.project) == cold


def test_a_generated_file_that_was_edited_or_deleted_is_written_again(config: Config) -> None:
    before = contents(config.project)
    stub = config.output_folder / "orders.pyi"
    stub.write_text(stub.read_text() + "# mine\n")
    (config.output_folder / "workflows.py").unlink()
    (config.output_folder / "py.typed").unlink()
    (config.project / "workflows.lock.json").unlink()
    assert len(pipeline.check(config).drift) == 4
    pipeline.generate(config)
    assert contents(config.project) == before


def test_an_edit_that_keeps_time_and_size_of_another_content_is_noticed_by_its_content(config: Config) -> None:
    source = config.root / "shop/workflows.py"
    os.utime(source, ns=(1, 1))
    pipeline.generate(config)
    source.write_text(WORKFLOWS.replace("-> int", "-> str"))
    os.utime(source, ns=(2, 2))
    assert pipeline.generate(config).rescanned == ("shop.workflows",)


def test_touching_a_file_does_not_read_its_module(config: Config) -> None:
    os.utime(config.root / "shop/workflows.py", ns=(1, 1))
    assert pipeline.generate(config).rescanned == ()


def test_problems_of_unchanged_modules_are_reported_again(tmp_path: Path) -> None:
    files = {"shop/workflows.py": WORKFLOWS.replace("order_id: str", "order_id"), "shop/orders.py": _ORDERS}
    config = load(write_project(tmp_path, files, config=_CONFIG))
    first, second = pipeline.generate(config), pipeline.generate(config)
    assert "shop.workflows" not in second.rescanned
    assert {found.code for found in first.diagnostics} >= {"DG014"}
    assert second.diagnostics == first.diagnostics


def test_an_error_is_reported_until_it_is_gone(config: Config) -> None:
    steps = config.root / "shop/steps.py"
    text = steps.read_text()
    steps.write_text("def broken(:\n")
    for _ in range(2):
        assert [found.code for found in pipeline.generate(config).diagnostics if found.code == "DG001"] == ["DG001"]
    steps.write_text(text)
    assert not pipeline.generate(config).diagnostics


@pytest.mark.parametrize("damage", ["", "{", '{"key": 1}', "[]"])
def test_a_damaged_cache_is_as_good_as_none(config: Config, damage: str) -> None:
    before = contents(config.project)
    for file in (config.project / FOLDER).glob("*.json"):
        file.write_text(damage)
    result = pipeline.generate(config)
    assert len(result.rescanned) >= 2
    assert not result.drift
    assert contents(config.project) == before


def test_another_setting_does_not_use_the_cache(config: Config) -> None:
    config.file.write_text(_CONFIG.replace("shop.**", "shop.orders"))
    result = pipeline.generate(load(config.file))
    assert result.rescanned == ("shop.orders",)
    assert {change.shown for change in result.drift if change.action.value == "remove"} == {
        "shop/generated/workflows.py",
        "shop/generated/workflows.pyi",
    }


def test_the_output_does_not_depend_on_the_folder_or_on_the_order_of_files(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir, listdir = os.scandir, os.listdir

    class Shuffled:
        def __init__(self, path: Any = ".") -> None:
            with scandir(path) as found:
                self.entries = list(found)
            self.entries.sort(key=lambda entry: entry.name[::-1], reverse=True)

        def __enter__(self) -> Iterator[Any]:
            return iter(self.entries)

        def __iter__(self) -> Iterator[Any]:
            return iter(self.entries)

        def __exit__(self, *_: object) -> None: ...

    elsewhere = load(write_project(tmp_path / "else" / "where", _FILES, config=_CONFIG))
    monkeypatch.setattr(os, "scandir", Shuffled)
    monkeypatch.setattr(os, "listdir", lambda path=".": sorted(listdir(path), reverse=True))
    pipeline.generate(elsewhere)
    here = {path: text for path, text in contents(config.project).items() if not path.startswith("else/")}
    assert contents(elsewhere.project) == here
