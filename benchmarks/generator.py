"""How long dbos-gen takes for a large application: cold, with nothing changed, with one module changed, beside mypy.

Run: python benchmarks/generator.py [--modules 1000] [--workflows 3] [--runs 5] [--without-mypy]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_CONFIG = '[tool.dbos-gen]\nmodules = ["app.**"]\noutput = "app.generated"\n'
_MODELS = """\
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    sku: str
    quantity: int


@dataclass(frozen=True)
class Receipt:
    order_id: str
    total: int
"""
_HEAD = """\
from dbos_typed import DBOS, Event, Topic

from app.models import Item, Receipt

PROGRESS = Event[int]("progress")
APPROVAL = Topic[str]("approval")
"""
_WORKFLOW = '''

@DBOS.step(name="price-{module}-{number}")
def price_{number}(item: Item) -> int:
    return item.quantity * {number}


@DBOS.workflow(name="order-{module}-{number}")
def order_{number}(order_id: str, items: list[Item], *, express: bool = False) -> Receipt:
    """Sell what is in the basket."""
    total = 0
    for item in items:
        total += price_{number}(item)
        DBOS.set_event(PROGRESS, total)
    if express:
        DBOS.sleep(1)
    approved = DBOS.recv(APPROVAL)
    if approved is None:
        raise TimeoutError(order_id)
    return Receipt(order_id, total)
'''


def write_application(folder: Path, modules: int, workflows: int) -> None:
    """Write an application of so many modules in packages of fifty, each with so many workflows."""
    (folder / "pyproject.toml").write_text(_CONFIG, encoding="utf-8")
    for index in range(modules):
        package = folder / "app" / f"part_{index // 50:03}"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").touch()
        body = "".join(_WORKFLOW.format(module=index, number=number) for number in range(workflows))
        (package / f"flow_{index:04}.py").write_text(_HEAD + body, encoding="utf-8")
    (folder / "app" / "__init__.py").touch()
    (folder / "app" / "models.py").write_text(_MODELS, encoding="utf-8")


def timed(command: Sequence[str], folder: Path) -> float:
    """Return the seconds a command takes, from its start to its end; CalledProcessError when it fails."""
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def median(runs: int, measure: Callable[[int], float]) -> float:
    """Return the median of several measurements."""
    return statistics.median(measure(run) for run in range(runs))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=int, default=1000)
    parser.add_argument("--workflows", type=int, default=3)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--without-mypy", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_application(folder, options.modules, options.workflows)
        generate = [sys.executable, "-m", "dbos_gen"]
        changing = folder / "app" / "part_000" / "flow_0000.py"

        def change(run: int) -> float:
            with changing.open("a", encoding="utf-8") as stream:
                stream.write(f"# {run}\n")
            return timed(generate, folder)

        def cold(_: int) -> float:
            shutil.rmtree(folder / "app" / "generated", ignore_errors=True)
            shutil.rmtree(folder / ".dbos_gen_cache", ignore_errors=True)
            return timed(generate, folder)

        print(f"{options.modules} modules, {options.modules * options.workflows} workflows; median of {options.runs}")
        took = {"cold": median(min(options.runs, 3), cold)}
        took["nothing changed"] = median(options.runs, lambda _: timed(generate, folder))
        took["nothing changed, --check"] = median(options.runs, lambda _: timed([*generate, "--check"], folder))
        took["one module changed"] = median(options.runs, change)
        for name, seconds in took.items():
            print(f"dbos-gen, {name:26} {seconds:7.2f} s")
        if not options.without_mypy:
            mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache"), "--exclude",
                    "generated", "app"]  # fmt: skip
            seconds = timed(mypy, folder)
            print(f"mypy --strict, cold                  {seconds:7.2f} s")
            print(f"dbos-gen cold / mypy cold            {took['cold'] / seconds:7.2f}")


if __name__ == "__main__":
    main()
