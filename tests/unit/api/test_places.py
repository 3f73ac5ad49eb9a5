"""A second definition of a name is told from the first one that is read again."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dbos_typed.api.registration import registry
from dbos_typed.error import DBOSConflictingRegistrationError

Write = Callable[[str], ModuleType]

BODY = """
from dbos_typed import DBOS, DBOSConfiguredInstance

@DBOS.step()
def step() -> int:
    return 1

@DBOS.workflow()
def flow() -> int:
    return step()

@DBOS.step(name="named")
def first() -> int:
    return 1

@DBOS.transaction(name="paid")
def pay() -> int:
    return 1

@DBOS.dbos_class()
class Shop(DBOSConfiguredInstance):
    @DBOS.workflow()
    def sell(self) -> int:
        return 1

east = Shop("east")
"""


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a module and executes it, again when it was loaded before."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path = tmp_path / "places_shop.py"

    def write(source: str) -> ModuleType:
        path.write_text(source, encoding="utf-8")
        importlib.invalidate_caches()
        loaded = sys.modules.get("places_shop")
        return importlib.import_module("places_shop") if loaded is None else importlib.reload(loaded)

    yield write
    sys.modules.pop("places_shop", None)
    registry.clear()


def test_module_is_imported_again_and_reloaded(load: Write) -> None:
    first = load(BODY).east
    again = load(BODY).east
    assert registry.instance("Shop", "east") is again is not first
    del sys.modules["places_shop"]
    load(BODY)


def test_module_is_reloaded_after_a_change(load: Write) -> None:
    load(BODY)
    changed = load(f"import os\n\n{BODY}")
    assert registry.instance("Shop", "east") is changed.east


@pytest.mark.parametrize(
    ("second", "name"),
    [
        ("@DBOS.step()\ndef step() -> int:\n    return 2", "step"),
        ("@DBOS.workflow()\ndef flow() -> int:\n    return 2", "flow"),
        ("@DBOS.step(name='named')\ndef second() -> int:\n    return 2", "named"),
        ("@DBOS.step(name='step')\ndef second() -> int:\n    return 2", "step"),
        ("@DBOS.transaction(name='paid')\ndef second() -> int:\n    return 2", "paid"),
        ("@DBOS.dbos_class()\nclass Shop:\n    pass", "Shop"),
        ("@DBOS.dbos_class()\nclass Shop:\n    def other(self) -> int:\n        return 2", "Shop"),
        ("class Shop:\n    @DBOS.workflow()\n    def sell(self) -> int:\n        return 2", "Shop.sell"),
    ],
)
def test_second_definition_in_a_module_is_refused_with_both_places(load: Write, second: str, name: str) -> None:
    with pytest.raises(DBOSConflictingRegistrationError, match="registered already") as refused:
        load(f"{BODY}\n{second}\n")
    assert refused.value.name == name
    last = len(BODY.splitlines()) + 1
    lines = [
        int(place.rpartition(":")[2].rstrip(")")) for place in (refused.value.registered, refused.value.conflicting)
    ]
    assert all("places_shop.py" in place for place in (refused.value.registered, refused.value.conflicting))
    assert lines[0] <= last < lines[1]


@pytest.mark.parametrize("second", ["west = Shop('east')", "for _ in range(2):\n    Shop('west')"])
def test_second_instance_of_a_name_is_refused_with_both_places(load: Write, second: str) -> None:
    with pytest.raises(DBOSConflictingRegistrationError, match=r"places_shop\.py:\d+.*places_shop\.py:\d+"):
        load(f"{BODY}\n{second}\n")


def test_instance_is_placed_where_its_class_is_called(load: Write) -> None:
    body = BODY + "\nclass Kiosk(Shop):\n    def __init__(self, name: str) -> None:\n        super().__init__(name)\n"
    last = len(body.splitlines())
    with pytest.raises(DBOSConflictingRegistrationError, match=rf"py:{last + 1}\) .*py:{last + 2}\) "):
        load(f"{body}Kiosk('k')\nKiosk('k')\n")


def test_branches_and_factories_define_one_at_a_time(load: Write) -> None:
    load(
        f"{BODY}\nif True:\n    @DBOS.step()\n    def either() -> int: return 1\n"
        "else:\n    @DBOS.step()\n    def either() -> int: return 2\n"
        "def name():\n    @DBOS.step(name='named')\n    def called() -> int: return 1\nname\n"
        "def make():\n    @DBOS.step()\n    def made() -> int: return 1\n    return made\n"
        "make()\nmake()\n"
    )
