"""What the mypy plugin adds to the time of mypy, for a large application: cold, warm, and after an edit of one helper.

Runs with and without the plugin alternate, so that both see the same machine.

Run: python benchmarks/plugin.py [--modules 200] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

COLD_BAR = 1.15
WARM_BAR = 1.1

_MODELS = """\
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Item:
    sku: str
    quantity: int
    price: int = 0


@dataclass(frozen=True)
class Receipt:
    order_id: str
    total: int
    lines: list[Item] = field(default_factory=list)
"""
_HELPERS = '''\
"""Helpers of part {number}: some compute, one reads the clock, one records through the runtime."""

import time

from dbos_typed import DBOS

from app.models import Item


def discount(items: list[Item], percent: int) -> int:
    whole = sum(item.quantity * item.price for item in items)
    return whole - whole * percent // 100


def grouped(items: list[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {{}}
    for item in items:
        found.setdefault(item.sku, []).append(item)
    return found


def stamped(order_id: str) -> str:
    return f"{{order_id}}-{{time.time()}}"


def wait_for_approval(order_id: str) -> str:
    answer = DBOS.recv("approval", timeout_seconds=60)
    if answer is None:
        raise TimeoutError(order_id)
    return str(answer)
'''
_HEAD = """\
from __future__ import annotations

from dbos_typed import DBOS, Event, Queue, Topic, WorkflowHandle

from app.models import Item, Receipt
from app.part_{part:03}.helpers import discount, grouped, stamped, wait_for_approval
{imports}
PROGRESS = Event[int]("progress")
APPROVAL = Topic[str]("approval")
queue = Queue("orders-{module}")
"""
_WORKFLOW = '''

@DBOS.step(name="price-{module}-{number}")
def price_{number}(item: Item) -> int:
    return item.quantity * item.price * {number}


@DBOS.step(name="receipt-{module}-{number}")
def write_receipt_{number}(order_id: str, total: int, items: list[Item]) -> Receipt:
    return Receipt(stamped(order_id), total, items)


@DBOS.workflow(name="order-{module}-{number}")
def order_{number}(order_id: str, items: list[Item], *, express: bool = False) -> Receipt:
    """Sell what is in the basket."""
    total = 0
    for sku, group in grouped(items).items():
        for item in group:
            total += price_{number}(item)
        DBOS.set_event(PROGRESS, total)
        DBOS.logger.info("sold %s", sku)
    if express:
        DBOS.sleep(1)
    total -= discount(items, {number})
    if wait_for_approval(order_id) == "no":
        raise ValueError(order_id)
    handle: WorkflowHandle[int] = DBOS.start_workflow(refund_{number}, order_id, total)
    refunded = handle.get_result()
    if refunded > total:
        raise ValueError(f"{{refunded}} of {{total}}")
    return write_receipt_{number}(order_id, total - refunded, items)


@DBOS.workflow(name="refund-{module}-{number}")
def refund_{number}(order_id: str, amount: int) -> int:
    later = queue.enqueue(settle_{number}, order_id, amount)
    status = later.get_status()
    if status.status == "ERROR":
        return 0
    return later.get_result()


@DBOS.workflow(name="settle-{module}-{number}")
def settle_{number}(order_id: str, amount: int) -> int:
    approved = DBOS.recv(APPROVAL)
    return amount if approved == order_id else 0
'''
_CALL = '''

@DBOS.workflow(name="both-{module}")
def both(order_id: str, items: list[Item]) -> list[Receipt]:
    """Run an order here and one of another module."""
    handles = [DBOS.start_workflow(order_1, order_id, items), DBOS.start_workflow(other, order_id, items)]
    return [handle.get_result() for handle in handles]
'''
_MODULES_IN_A_PART = 20
_SHORT = 5


def write_application(folder: Path, modules: int) -> None:
    """Write an application of so many modules in packages of twenty, with helpers and workflows across modules."""
    app = folder / "app"
    app.mkdir()
    (app / "__init__.py").touch()
    (app / "models.py").write_text(_MODELS, encoding="utf-8")
    for index in range(modules):
        part, position = divmod(index, _MODULES_IN_A_PART)
        package = app / f"part_{part:03}"
        if position == 0:
            package.mkdir()
            (package / "__init__.py").touch()
            (package / "helpers.py").write_text(_HELPERS.format(number=part), encoding="utf-8")
        earlier = index - 1
        other = f"from app.part_{earlier // _MODULES_IN_A_PART:03}.flow_{earlier:04} import order_2 as other\n"
        body = _HEAD.format(part=part, module=index, imports=other if index else "")
        body += "".join(_WORKFLOW.format(module=index, number=number) for number in (1, 2))
        body += _CALL.format(module=index) if index else ""
        (package / f"flow_{index:04}.py").write_text(body, encoding="utf-8")
    for name, plugins in (("plain", ""), ("plugin", "plugins = dbos_typed_mypy\n")):
        text = f"[mypy]\nstrict = True\nfollow_imports = silent\ncache_dir = {folder / f'cache-{name}'}\n{plugins}"
        (folder / f"{name}.ini").write_text(text, encoding="utf-8")


def check(folder: Path, name: str) -> float:
    """Return the seconds that mypy takes; RuntimeError when it finds anything."""
    command = [sys.executable, "-m", "mypy", "--config-file", f"{name}.ini", "app"]
    # Installed packages are compiled; those of a development environment are by the first run, if it may.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"mypy ({name}) found what is not there:\n{done.stdout}{done.stderr}")
    return took


def alternate(folder: Path, runs: int, prepare: Callable[[int, str], None]) -> dict[str, float]:
    """Return the median of each after runs that alternate."""
    took: dict[str, list[float]] = {"plain": [], "plugin": []}
    for run in range(runs):
        for name, times in took.items():
            prepare(run, name)
            times.append(check(folder, name))
    return {name: statistics.median(times) for name, times in took.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_application(folder, options.modules)
        helper = folder / "app" / "part_000" / "helpers.py"

        def cold(_: int, name: str) -> None:
            shutil.rmtree(folder / f"cache-{name}", ignore_errors=True)

        def edit(run: int, name: str) -> None:
            with helper.open("a", encoding="utf-8") as stream:
                stream.write(f"# {run} {name}\n")

        lines = sum(len(file.read_text(encoding="utf-8").splitlines()) for file in (folder / "app").rglob("*.py"))
        print(f"{options.modules} modules, {lines} lines; median of {options.runs}, alternating")
        print(f"{'':18} {'without':>9} {'with':>9} {'ratio':>7}   bar")
        scenarios: tuple[tuple[str, Callable[[int, str], None], float | None], ...] = (
            ("cold", cold, COLD_BAR),
            ("nothing changed", lambda _run, _name: None, WARM_BAR),
            ("one helper edited", edit, None),
        )
        for title, prepare, bar in scenarios:
            # Short runs differ more from one to the next.
            took = alternate(folder, options.runs if prepare is cold else options.runs * _SHORT, prepare)
            ratio = took["plugin"] / took["plain"]
            print(f"{title:18} {took['plain']:7.2f} s {took['plugin']:7.2f} s {ratio:7.3f}   {bar or ''}", flush=True)


if __name__ == "__main__":
    main()
