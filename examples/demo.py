"""What `make demo` shows: generate, type-check, catch mistakes, then kill a running order and watch it finish.

Needs nothing but the installed project; everything it writes goes to a temporary folder.
"""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from contextlib import closing
from pathlib import Path

EXAMPLE = Path(__file__).parent / "orders"
BIN = Path(sys.executable).parent
ORDER = "o-1001"
KILL_AT = "progress 40%"
DEADLINE_SECONDS = 120
# The generated package is left out too: the first step makes it.
UNCOPIED = shutil.ignore_patterns("generated", "*.sqlite*", "*.txt", ".*_cache", "__pycache__")


def main() -> int:
    """Run the demonstration; 0 when everything went as shown."""
    with tempfile.TemporaryDirectory(prefix="dbos-typed-demo-") as folder:
        project = Path(folder) / "orders"
        shutil.copytree(EXAMPLE, project, ignore=UNCOPIED)
        generate(project)
        type_check(project)
        show_mistakes(project)
        survive_a_kill(project)
    print(f"\n{bold('Done.')} The example is in examples/orders; README.md tells how to begin your own.")
    return 0


def generate(project: Path) -> None:
    title(1, "dbos-gen reads the workflows without importing them and writes typed references")
    run(project, "dbos-gen")
    run(project, "dbos-gen", "list")


def type_check(project: Path) -> None:
    title(2, "mypy --strict, with the plugin, checks the application against them")
    run(project, "mypy")


def show_mistakes(project: Path) -> None:
    title(3, "and it finds these mistakes before they run")
    result = run(project, "mypy", "mistakes.py", is_quiet=True, expected_exit=1)
    source = (project / "mistakes.py").read_text().splitlines()
    found = re.findall(r"^mistakes\.py:(\d+): error: (.*?)  \[([\w-]+)\]$", result, flags=re.MULTILINE)
    planted = [number for number, line in enumerate(source, start=1) if "  # " in line]
    for number in planted:
        code, _, comment = source[number - 1].strip().partition("  # ")
        print(f"\n   {code}\n   {dim('# ' + comment)}")
        answers = [(message, rule) for line, message, rule in found if int(line) == number]
        if not answers:
            fail(f"mypy did not see the mistake in mistakes.py:{number}")
        for message, rule in answers[:1]:
            print(textwrap.indent(textwrap.fill(f"{message}  [{rule}]", 110), red("   > ")))
    print(f"\n   {len(planted)} of {len(planted)} found.")


def survive_a_kill(project: Path) -> None:
    title(4, f"An order runs on SQLite, and is killed with SIGKILL when it says {KILL_AT!r}")
    command = [sys.executable, "-m", "orders.app", "run", ORDER]
    victim = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True, env=environment())
    if victim.stdout is None:
        fail("the application has no output")
    for line in victim.stdout:
        print(f"   {line.rstrip()}")
        if line.startswith(KILL_AT):
            victim.send_signal(signal.SIGKILL)
            break
    else:
        fail("the order ended before it could be killed")
    victim.wait(DEADLINE_SECONDS)
    print(f"   {red(f'killed (exit status {victim.returncode})')}")

    title(5, "The same command again: it goes on where it was")
    output = run(project, *command[1:], program=sys.executable)
    done = re.findall(r"^  \d+\. (.*)$", output, flags=re.MULTILINE)
    repeated = [step for step, count in Counter(done).items() if count > 1]
    if not done or repeated:
        fail(f"steps done more than once: {repeated or 'none was done'}")
    with closing(sqlite3.connect(project / "orders.sqlite")) as database:
        (rows,) = database.execute("SELECT count(*) FROM orders").fetchone()
    if rows != 1:
        fail(f"the order was stored {rows} times")
    print(f"\n   {green(f'Finished: {len(done)} effects and 1 row in the database, each of them exactly once.')}")


def run(
    project: Path, *arguments: str, program: str | None = None, is_quiet: bool = False, expected_exit: int = 0
) -> str:
    """Run a command in the example's folder and return what it printed."""
    command = [program, *arguments] if program is not None else [str(BIN / arguments[0]), *arguments[1:]]
    shown = ["python" if program is not None else arguments[0], *arguments[0 if program is not None else 1 :]]
    print(dim(f"   $ {' '.join(shown)}"))
    result = subprocess.run(
        command, cwd=project, capture_output=True, text=True, env=environment(), timeout=DEADLINE_SECONDS, check=False
    )
    if not is_quiet:
        print(textwrap.indent(result.stdout.rstrip(), "   "))
    if result.returncode != expected_exit:
        print(result.stdout + result.stderr)
        fail(f"{shown[0]} ended with exit status {result.returncode}, not {expected_exit}")
    return result.stdout


def environment() -> dict[str, str]:
    """This process's environment, without what would change how the tools look or which database is used."""
    return {
        **{key: value for key, value in os.environ.items() if key not in ("DBOS_DATABASE_URL", "MYPYPATH")},
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "TERM": "dumb",
        "COLUMNS": "110",
    }


def title(number: int, text: str) -> None:
    print(f"\n{bold(f'{number}. {text}')}", flush=True)


def fail(reason: str) -> None:
    raise SystemExit(f"\nThe demonstration failed: {reason}.")


def styled(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if sys.stdout.isatty() else text


def bold(text: str) -> str:
    return styled("1", text)


def dim(text: str) -> str:
    return styled("2", text)


def red(text: str) -> str:
    return styled("31", text)


def green(text: str) -> str:
    return styled("32", text)


if __name__ == "__main__":
    sys.exit(main())
