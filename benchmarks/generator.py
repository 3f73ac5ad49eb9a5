"""What dbos-gen costs for a large application.

Time: cold, with nothing changed, with one module changed, beside mypy. Memory of the cold run. What is generated: bytes
and the time that importing takes. The launch: how long the digests behind the application version take.

Run: python benchmarks/generator.py [--modules 1000] [--workflows 3] [--runs 5] [--without-mypy]
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


def measured(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return the seconds that a command takes, from its start to its end, and its peak memory in MB.

    CalledProcessError when it fails.
    """
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    # Linux counts in kilobytes, macOS in bytes.
    peak = usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
    return took, peak / 1024**2


def timed(command: Sequence[str], folder: Path) -> float:
    """Return the seconds that a command takes; CalledProcessError when it fails."""
    return measured(command, folder)[0]


def printed_by(code: str, folder: Path, **environment: str) -> list[float]:
    """Return the numbers that a program prints."""
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(number) for number in found.stdout.split()]


_IMPORT = """
import dbos_typed.api.refs, importlib, pathlib, sys, time
sys.path.insert(0, ".")
names = [".".join(file.with_suffix("").parts) for file in sorted(pathlib.Path("app/generated").rglob("flow_*.py"))]
for name in {name.rpartition(".")[0] for name in names}:
    importlib.import_module(name)
began = time.perf_counter()
for name in names:
    importlib.import_module(name)
print((time.perf_counter() - began) / len(names))
"""
_LAUNCH = """
import importlib, pathlib, sys, time
sys.path.insert(0, ".")
from dbos_typed.api.registration import registry
from dbos_typed.core.version import compute_version
began = time.perf_counter()
for file in sorted(pathlib.Path("app").glob("part_*/flow_*.py")):
    importlib.import_module(".".join(file.with_suffix("").parts))
imported = time.perf_counter()
compute_version(registry.workflows())
print(imported - began, time.perf_counter() - imported)
"""


def median(runs: int, measure: Callable[[int], float]) -> float:
    """Return the median of several measurements."""
    return statistics.median(measure(run) for run in range(runs))


def print_generated(folder: Path, workflows: int) -> None:
    """Print how large the generated package is and how long importing it takes."""
    for suffix in (".py", ".pyi"):
        size = sum(file.stat().st_size for file in (folder / "app" / "generated").rglob(f"*{suffix}"))
        print(f"generated {suffix:4} per workflow          {size / workflows:7.0f} bytes")
    printed_by(_IMPORT, folder)
    (seconds,) = printed_by(_IMPORT, folder)
    print(f"importing one generated module       {seconds * 1000:7.2f} ms")


def print_launch(folder: Path) -> None:
    """Print how long the application version takes when nothing is remembered, and when it is."""
    cache = folder / "launch"
    printed_by(_LAUNCH, folder, XDG_CACHE_HOME=str(cache))
    shutil.rmtree(cache)
    imported, first = printed_by(_LAUNCH, folder, XDG_CACHE_HOME=str(cache))
    _, second = printed_by(_LAUNCH, folder, XDG_CACHE_HOME=str(cache))
    print(f"importing the application            {imported:7.2f} s")
    print(f"its version at the first launch      {first:7.2f} s")
    print(f"its version at the next launch       {second:7.2f} s")


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
        shutil.rmtree(folder / ".dbos_gen_cache")
        print(f"dbos-gen, cold, peak memory          {measured(generate, folder)[1]:7.0f} MB")
        print_generated(folder, options.modules * options.workflows)
        print_launch(folder)
        if not options.without_mypy:
            mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache"), "--exclude",
                    "generated", "app"]  # fmt: skip
            seconds = timed(mypy, folder)
            print(f"mypy --strict, cold                  {seconds:7.2f} s")
            print(f"dbos-gen cold / mypy cold            {took['cold'] / seconds:7.2f}")


if __name__ == "__main__":
    main()
