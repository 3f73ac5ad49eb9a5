"""What the cases of verdicts are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dbos_gen.contract.comparison.changes import Verdict

PRELUDE = """\
import enum
from dataclasses import dataclass
from dbos_typed import DBOS, DBOSConfiguredInstance, Event, Queue, Topic

@DBOS.step()
def a() -> int:
    return 1

@DBOS.step()
def b() -> int:
    return 2

@DBOS.step()
def c() -> int:
    return 3

@DBOS.transaction()
def t() -> int:
    return 4

@DBOS.workflow()
def child() -> int:
    return a()

"""
STEPS = ("a()", "b()", "c()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A change. `arguments` are those under which it breaks; `spared` others under which it does not."""

    name: str
    old: str
    new: str
    verdict: Verdict
    arguments: Sequence[Any] = ()
    spared: Sequence[Any] | None = None
    messages: Sequence[tuple[str, Any]] = ()


def body(*lines: str, params: str = "") -> str:
    inner = "".join(f"    {line}\n" for line in lines)
    return f"{PRELUDE}@DBOS.workflow()\ndef run({params}) -> int:\n{inner}    return 0\n"


def typed(declarations: str, kind: str, value: str, use: str = "x") -> str:
    return (
        f"{PRELUDE}{declarations}@DBOS.step()\ndef made() -> {kind}:\n    return {value}\n\n"
        f"@DBOS.workflow()\ndef run() -> int:\n    x = made()\n    print({use})\n    a()\n    return 0\n"
    )


def taking(declarations: str, parameters: str, use: str = "0") -> str:
    lines = f"    a()\n    print({use})\n    return 0\n"
    return f"{PRELUDE}{declarations}@DBOS.workflow()\ndef run({parameters}) -> int:\n{lines}"


def returning(kind: str, declarations: str, value: str) -> str:
    return f"{PRELUDE}{declarations}@DBOS.workflow()\ndef run() -> {kind}:\n    a()\n    return {value}\n"


def with_child(kind: str, value: str, use: str) -> str:
    kid = f"@DBOS.workflow()\ndef kid() -> {kind}:\n    return {value}\n\n"
    return (
        f"{PRELUDE}{kid}@DBOS.workflow()\ndef run() -> int:\n    x = kid()\n    print({use})\n    b()\n    return 0\n"
    )


def case(
    name: str,
    verdict: Verdict,
    old: str,
    new: str,
    arguments: Sequence[Any] = (),
    *,
    spared: Sequence[Any] | None = None,
    messages: Sequence[tuple[str, Any]] = (),
) -> Case:
    return Case(name=name, old=old, new=new, verdict=verdict, arguments=arguments, spared=spared, messages=messages)


SAFE, NEW, BREAKS = Verdict.SAFE, Verdict.NEW_RUNS, Verdict.BREAKS
POINT = "@dataclass\nclass Point:\n    x: int\n{more}\n"
COLOUR = "class Colour(enum.Enum):\n{members}\n"
