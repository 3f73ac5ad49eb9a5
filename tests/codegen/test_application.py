"""What changes the digest of a workflow, from which the runtime makes the application version."""

import itertools
import json
import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

from dbos_gen.launch import remembered_digests
from dbos_gen.launch.contract_digests import RunningFunction, RunningWorkflow, digests
from tests.architecture.source_files import ROOT

_STEPS = """\
from dataclasses import dataclass

from dbos_typed import DBOS

LIMIT = 10


@dataclass
class Item:
    sku: str
    amount: int = 1


@DBOS.step()
def price(item: Item) -> int:
    return item.amount


@DBOS.step(name="pay-the-bill")
def pay(total: int) -> str:
    return str(total)


@DBOS.step()
def report(text: str) -> None:
    print(text)


def priced(items: list[Item]) -> list[int]:
    return [price(item) for item in items]


def is_big(total: int) -> bool:
    return total > LIMIT
"""
_FLOW = """\
from dbos_typed import DBOS
from shop import steps
from shop.steps import Item, is_big, price


@DBOS.workflow()
def order(items: list[Item], name: str = "x") -> str:
    total = 0
    for item in items:
        total += price(item)
    if total > steps.LIMIT:
        steps.report(name)
    receipt = steps.pay(total)
    decision = DBOS.recv("decision")
    return receipt if decision is None else str(decision)
"""
_HELPED = _FLOW.replace(
    """    total = 0
    for item in items:
        total += price(item)
    if total > steps.LIMIT:
""",
    """    total = sum(steps.priced(items))
    if is_big(total):
""",
)
_LOOP = """\
    found = []
    for item in items:
        found.append(price(item))
    return found"""
_counter = itertools.count()


def _digest(folder: Path, flow: str = _FLOW, parts: str = _STEPS, *, qualname: str = "order") -> str | None:
    root = folder / str(next(_counter))
    (root / "shop").mkdir(parents=True)
    (root / "shop/__init__.py").touch()
    (root / "shop/steps.py").write_text(parts, encoding="utf-8")
    file = root / "shop/flow.py"
    file.write_text(flow, encoding="utf-8")
    function = RunningFunction(module="shop.flow", qualname=qualname, file=str(file), line=0)
    return digests([RunningWorkflow(name="order", function=function)]).get("order")


def _edited(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text


@pytest.mark.parametrize(
    "changes",
    [
        [("    total = 0\n", "    # from nothing\n\n    total = (0)\n")],
        [("-> str:\n    total", '-> str:\n    """Sell it."""\n    total')],
        [("total", "whole")],
        [("for item in items", "for each in items"), ("price(item)", "price(each)")],
        [("price(item)", "price(Item(item.sku, 2))")],
        [("steps.pay(total)", "steps.pay(total + 1)")],
        [("    total = 0\n", "    total = 0\n    print('selling')\n")],
        [("if total > steps.LIMIT:", "is_large = total > steps.LIMIT\n    if is_large:")],
        [("from shop.steps import Item, is_big, price", "from shop.steps import Item, is_big\n\nprice = steps.price")],
        [('DBOS.recv("decision")', 'DBOS.recv("decision", timeout_seconds=5)')],
        [('"x"', '"y"')],
    ],
)
def test_what_replay_does_not_meet_may_change(tmp_path: Path, changes: list[tuple[str, str]]) -> None:
    assert _digest(tmp_path, _edited(_FLOW, *changes)) == _digest(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        [("    return item.amount\n", "    # the price\n    return item.amount * 2\n")],
        [("    print(text)\n", '    """Say it."""\n    sys.stderr.write(text)\n')],
        [("def priced(", "def unused() -> None: ...\n\n\ndef priced(")],
        [("    return [price(item) for item in items]", "    return [price(each) for each in items]")],
        [("    return total > LIMIT", "    # by its price\n    return total > LIMIT")],
    ],
)
def test_inside_of_steps_and_the_looks_of_helpers_may_change(tmp_path: Path, changes: list[tuple[str, str]]) -> None:
    assert _digest(tmp_path, _HELPED, _edited(_STEPS, *changes)) == _digest(tmp_path, _HELPED)


@pytest.mark.parametrize(
    "changes",
    [
        [("    receipt = steps.pay(total)\n", ""), ("    total = 0\n", "    receipt = steps.pay(1)\n    total = 0\n")],
        [("    decision", '    steps.report("paid")\n    decision')],
        [("        steps.report(name)\n", "        pass\n")],
        [("> steps.LIMIT", ">= steps.LIMIT")],
        [("if total > steps.LIMIT:", "if name:")],
        [("for item in items", "for item in items[1:]")],
        [('recv("decision")', 'recv("answer")')],
        [('name: str = "x"', "name: str")],
        [('name: str = "x"', 'title: str = "x"'), ("report(name)", "report(title)")],
        [('name: str = "x"', 'name: str | None = "x"')],
        [("-> str:", "-> str | None:")],
        [("    return receipt if", "    if decision:\n        return steps.pay(0)\n    return receipt if")],
        [("steps.pay(total)", "DBOS.start_workflow(order, items).get_result()")],
    ],
)
def test_recorded_calls_parameters_and_results_count(tmp_path: Path, changes: list[tuple[str, str]]) -> None:
    assert _digest(tmp_path, _edited(_FLOW, *changes)) != _digest(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        [("[price(item) for item in items]", "[price(item) for item in items if item.amount]")],
        [("    return [price(item)", '    report("pricing")\n    return [price(item)')],
        [("    return total > LIMIT", "    return total >= LIMIT")],
        [('"pay-the-bill"', '"pay"')],
        [("def price(item: Item) -> int:", "def price(item: Item) -> float:")],
        [("    amount: int = 1", "    amount: float = 1")],
        [("    amount: int = 1", '    amount: int = 1\n    note: str = ""')],
        [("@DBOS.step()\ndef report", "def report")],
    ],
)
def test_helpers_names_of_steps_and_stored_types_count(tmp_path: Path, changes: list[tuple[str, str]]) -> None:
    assert _digest(tmp_path, _HELPED, _edited(_STEPS, *changes)) != _digest(tmp_path, _HELPED)


def test_a_loop_and_a_comprehension_make_the_same_calls(tmp_path: Path) -> None:
    flow = _HELPED.replace("if is_big(total)", "if name")
    looped = _edited(_STEPS, ("    return [price(item) for item in items]", _LOOP))
    assert _digest(tmp_path, flow, looped) == _digest(tmp_path, flow)


def test_code_that_moves_into_a_helper_makes_the_same_calls(tmp_path: Path) -> None:
    plain = """\
from dbos_typed import DBOS
from shop.steps import Item, pay, price

@DBOS.workflow()
def order(items: list[Item], name: str) -> str:
    for item in items:
        if item.amount > 3:
            price(item)
    return pay(len(items))
"""
    helped = plain.replace(
        """    for item in items:
        if item.amount > 3:
            price(item)
""",
        "    price_large(name, items)\n",
    )
    helped += """
def price_large(label: str, every: list[Item]) -> None:
    print(label)
    for each in every:
        if each.amount > 3:
            price(each)
"""
    assert _digest(tmp_path, plain) != _digest(tmp_path, plain.replace("> 3", "> 4"))
    assert _digest(tmp_path, helped) == _digest(tmp_path, plain)


def test_what_a_helper_is_passed_counts_when_it_decides(tmp_path: Path) -> None:
    flow = """\
from dbos_typed import DBOS
from shop.steps import Item, pay

@DBOS.workflow()
def order(count: int, other: int) -> None:
    pay_if(count > 3, note="x")
    wait("decision")

def pay_if(wanted: bool, *, note: str, twice: bool = False) -> None:
    if wanted:
        pay(1)
    if twice:
        pay(2)

def wait(topic: str) -> None:
    DBOS.recv(topic)
"""
    same = _edited(flow, ('note="x"', 'note="y"'), ("wanted", "is_wanted"), ("topic", "subject"))
    assert _digest(tmp_path, same) == _digest(tmp_path, flow)
    for change in (("count > 3", "other > 3"), ('note="x"', 'note="x", twice=True'), ('"decision"', '"answer"')):
        assert _digest(tmp_path, _edited(flow, change)) != _digest(tmp_path, flow), change


def test_a_constant_that_decides_counts(tmp_path: Path) -> None:
    assert _digest(tmp_path, parts=_edited(_STEPS, ("LIMIT = 10", "LIMIT = 11"))) != _digest(tmp_path)


def test_which_of_two_records_decides_counts(tmp_path: Path) -> None:
    flow = """\
from dbos_typed import DBOS
from shop.steps import Item, price, report

@DBOS.workflow()
def order(item: Item) -> None:
    first = price(item)
    second = price(item)
    if first:
        report("")
"""
    renamed = flow.replace("first", "one").replace("second", "two")
    swapped = flow.replace("if first", "if second")
    assert _digest(tmp_path, renamed) == _digest(tmp_path, flow)
    assert _digest(tmp_path, swapped) != _digest(tmp_path, flow)


_NESTED = """\
from dbos_typed import DBOS

def make(name):
    @DBOS.step(name="one")
    def one() -> None: ...

    @DBOS.step(name="two")
    def two() -> None: ...

    @DBOS.workflow(name=name)
    def flow() -> None:
        one()
        two()

    return flow
"""


def test_a_workflow_inside_a_function_is_read_like_any_other(tmp_path: Path) -> None:
    qualname = "make.<locals>.flow"
    first = _digest(tmp_path, _NESTED, qualname=qualname)
    assert first is not None
    commented = _NESTED.replace("        two()", "        # then\n        two()")
    assert _digest(tmp_path, commented, qualname=qualname) == first
    reordered = _NESTED.replace("        one()\n        two()", "        two()\n        one()")
    assert _digest(tmp_path, reordered, qualname=qualname) != first


def test_steps_that_are_made_by_applying_a_decorator_count(tmp_path: Path) -> None:
    flow = """\
from dbos_typed import DBOS
from shop import steps

def plain(number: int) -> int:
    return number

charge = DBOS.step(name="charge")(plain)
refund = DBOS.step(name="refund")(plain)

def _order(number: int) -> int:
    charge(number)
    return refund(number)

order = DBOS.workflow()(_order)
"""
    reordered = flow.replace("    charge(number)\n    return refund(", "    refund(number)\n    return charge(")
    first = _digest(tmp_path, flow, qualname="_order")
    assert first is not None
    assert _digest(tmp_path, flow.replace("return number", "return -number"), qualname="_order") == first
    assert _digest(tmp_path, reordered, qualname="_order") != first


_METHODS = """\
from dbos_typed import DBOS, DBOSConfiguredInstance

class Base(DBOSConfiguredInstance):
    @DBOS.workflow()
    def run(self) -> None:
        self.first()
        self._rest()

    @DBOS.step()
    def first(self) -> None: ...

    @DBOS.step()
    def second(self) -> None: ...

    def _rest(self) -> None:
        self.second()
"""


def test_methods_count_with_the_methods_that_they_call(tmp_path: Path) -> None:
    first = _digest(tmp_path, _METHODS, qualname="Base.run")
    assert first is not None
    stepped = _METHODS.replace("second(self) -> None: ...", "second(self) -> None:\n        print()")
    assert _digest(tmp_path, stepped, qualname="Base.run") == first
    other = _METHODS.replace("        self.second()\n", "        self.second()\n        self.first()\n")
    assert _digest(tmp_path, other, qualname="Base.run") != first
    named = _METHODS.replace("class Base", '@DBOS.dbos_class("other")\nclass Base')
    assert _digest(tmp_path, named, qualname="Base.run") != first


def test_what_is_nested_too_deeply_to_be_read_does_not_stop_the_launch(tmp_path: Path) -> None:
    flow = _FLOW.replace("    total = 0\n", f"    total = {' + '.join(['price(items[0])'] * 900)}\n")
    assert _digest(tmp_path, flow) is None


def test_reading_sources_needs_the_standard_library_only() -> None:
    code = (
        "import dbos_gen.launch.contract_digests, sys; "
        "print(sorted({'jinja2', 'typer', 'mypy', 'dbos_typed'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "codegen")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("damage", ["def broken(:", "x = 1", None])
def test_a_workflow_whose_source_is_not_found_has_no_digest(tmp_path: Path, damage: str | None) -> None:
    file = tmp_path / "flow.py"
    if damage is not None:
        file.write_text(damage)
    function = RunningFunction(module="flow", qualname="order", file=str(file), line=1)
    assert digests([RunningWorkflow(name="order", function=function)]) == {}


def test_installed_packages_without_workflows_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "lib" / "site-packages"
    (installed / "vendor").mkdir(parents=True)
    vendor = installed / "vendor/__init__.py"
    vendor.write_text(_STEPS)
    module = types.ModuleType("vendor")
    module.__file__ = str(vendor)
    monkeypatch.setitem(sys.modules, "vendor", module)
    monkeypatch.syspath_prepend(str(installed))
    flow = _FLOW.replace("from shop import steps", "import vendor as steps").replace("shop.steps", "vendor")
    before = _digest(tmp_path, flow)
    vendor.write_text(_STEPS.replace('"pay-the-bill"', '"pay"'))
    assert _digest(tmp_path, flow) == before


def test_an_application_that_is_installed_is_read_like_one_that_is_not(tmp_path: Path) -> None:
    assert _digest(tmp_path / "lib" / "site-packages", _HELPED) == _digest(tmp_path / "src", _HELPED)


_PRINT = """\
import json, sys
from dbos_gen.launch.contract_digests import RunningFunction, RunningWorkflow, digests
found = [RunningFunction(module="shop.flow", qualname="order", file=sys.argv[1], line=0)]
print(json.dumps(digests([RunningWorkflow(name="order", function=each) for each in found])))
"""
_TRICKY = _HELPED.replace(
    "if is_big(total):", "if f'{name!r:>{total}}' != \"it's\" and (lambda n, /: n)(*[total]) in {1: '\\u00ad'}:"
)


def _pythons() -> list[str]:
    candidates = [sys.executable, *(shutil.which(f"python3.{minor}") for minor in range(11, 16))]
    return [
        python
        for python in candidates
        if python is not None and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    ]


def test_it_is_the_same_on_every_version_of_python(tmp_path: Path) -> None:
    expected = _digest(tmp_path, _TRICKY)
    assert expected is not None
    file = tmp_path / str(next(_counter) - 1) / "shop/flow.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "codegen"), "PYTHONDONTWRITEBYTECODE": "1"}
    for python in _pythons():
        found = subprocess.run(
            [python, "-c", _PRINT, str(file)], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert json.loads(found.stdout) == {"order": expected}, python


def test_what_took_long_is_remembered_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_digests, "_WORTH_SECONDS", 0.0)

    class Forgetful(dict[str, object]):
        """Each launch is one of a new process."""

        def __contains__(self, key: object) -> bool:
            return False

    monkeypatch.setattr(remembered_digests, "_of_this_process", Forgetful())
    root, memory = tmp_path / "app", tmp_path / "memory"
    (root / "shop").mkdir(parents=True)
    (root / "shop/steps.py").write_text(_STEPS)
    file = root / "shop/flow.py"
    file.write_text(_HELPED)
    workflow = RunningWorkflow(
        name="order", function=RunningFunction(module="shop.flow", qualname="order", file=str(file), line=0)
    )
    first = digests([workflow], folder=memory)
    (known,) = memory.iterdir()
    text = known.read_text()
    assert digests([workflow], folder=memory) == first
    assert known.read_text() == text
    known.write_text(text.replace(next(iter(json.loads(text)["shop.flow"][1].values())), "remembered"))
    assert digests([workflow], folder=memory) != first
    known.write_text("{damaged")
    assert digests([workflow], folder=memory) == first
    (root / "shop/steps.py").write_text(_STEPS.replace('"pay-the-bill"', '"pay"'))
    assert digests([workflow], folder=memory) != first


def test_nothing_is_written_for_a_small_application(tmp_path: Path) -> None:
    file = tmp_path / "flow.py"
    file.write_text(_METHODS)
    function = RunningFunction(module="flow", qualname="Base.run", file=str(file), line=0)
    digests([RunningWorkflow(name="order", function=function)], folder=tmp_path / "memory")
    assert not (tmp_path / "memory").exists()
