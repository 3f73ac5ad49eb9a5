"""Changes of workflows: what was, what is, and what becomes of runs under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dbos_gen.contract.changes import Verdict

_PRELUDE = """\
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
_STEPS = ("a()", "b()", "c()")


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


def _body(*lines: str, params: str = "") -> str:
    inner = "".join(f"    {line}\n" for line in lines)
    return f"{_PRELUDE}@DBOS.workflow()\ndef run({params}) -> int:\n{inner}    return 0\n"


def _typed(declarations: str, kind: str, value: str, use: str = "x") -> str:
    return (
        f"{_PRELUDE}{declarations}@DBOS.step()\ndef made() -> {kind}:\n    return {value}\n\n"
        f"@DBOS.workflow()\ndef run() -> int:\n    x = made()\n    print({use})\n    a()\n    return 0\n"
    )


def _taking(declarations: str, parameters: str, use: str = "0") -> str:
    lines = f"    a()\n    print({use})\n    return 0\n"
    return f"{_PRELUDE}{declarations}@DBOS.workflow()\ndef run({parameters}) -> int:\n{lines}"


def _returning(kind: str, declarations: str, value: str) -> str:
    return f"{_PRELUDE}{declarations}@DBOS.workflow()\ndef run() -> {kind}:\n    a()\n    return {value}\n"


def _with_child(kind: str, value: str, use: str) -> str:
    kid = f"@DBOS.workflow()\ndef kid() -> {kind}:\n    return {value}\n\n"
    return (
        f"{_PRELUDE}{kid}@DBOS.workflow()\ndef run() -> int:\n    x = kid()\n    print({use})\n    b()\n    return 0\n"
    )


def _case(
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


_SAFE, _NEW, _BREAKS = Verdict.SAFE, Verdict.NEW_RUNS, Verdict.BREAKS
_POINT = "@dataclass\nclass Point:\n    x: int\n{more}\n"
_COLOUR = "class Colour(enum.Enum):\n{members}\n"

CALLS = (
    _case("nothing", _SAFE, _body(*_STEPS), _body(*_STEPS)),
    _case("a comment and a plain statement", _SAFE, _body(*_STEPS), _body("x = 1  # one", *_STEPS, "print(x)")),
    _case("a call is appended", _SAFE, _body("a()", "b()"), _body("a()", "b()", "c()")),
    _case("the last call is removed", _SAFE, _body("a()", "b()"), _body("a()")),
    _case(
        "calls move into a helper",
        _SAFE,
        _body(*_STEPS),
        _body("def rest() -> None:", "    b()", "    c()", "a()", "rest()"),
    ),
    _case("arguments of a child change", _SAFE, _body("a()", "child()"), _body("a()", "x = child()", "print(x)")),
    _case("a call is inserted", _BREAKS, _body("a()", "b()"), _body("a()", "c()", "b()")),
    _case("a call is put first", _BREAKS, _body("a()", "b()"), _body("c()", "a()", "b()")),
    _case("a call is removed", _BREAKS, _body(*_STEPS), _body("a()", "c()")),
    _case("a call is replaced", _BREAKS, _body("a()", "b()"), _body("a()", "c()")),
    _case("two calls change places", _BREAKS, _body("a()", "b()"), _body("b()", "a()")),
    _case(
        "a step becomes a transaction",
        _BREAKS,
        _body("a()", "b()"),
        _body("a()", "b()").replace("@DBOS.step()\ndef b()", "@DBOS.transaction()\ndef b()"),
    ),
    _case(
        "a step is renamed",
        _BREAKS,
        _body("a()", "b()"),
        _body("a()", "b()").replace("@DBOS.step()\ndef b()", '@DBOS.step(name="bee")\ndef b()'),
    ),
    _case(
        "a step's function is renamed and its name kept",
        _SAFE,
        _body("a()", "b()"),
        _body("a()", "bee()").replace("@DBOS.step()\ndef b()", '@DBOS.step(name="b")\ndef bee()'),
    ),
    _case("a step is replaced by a child", _BREAKS, _body("a()", "b()"), _body("a()", "child()")),
    _case(
        "a child is started instead of called",
        _BREAKS,
        _body("child()", "b()"),
        _body("DBOS.start_workflow(child)", "b()"),
    ),
    _case(
        "a started child is awaited at the end",
        _SAFE,
        _body("h = DBOS.start_workflow(child)", "b()"),
        _body("h = DBOS.start_workflow(child)", "b()", "h.get_result()"),
    ),
    _case(
        "a started child is awaited at once",
        _BREAKS,
        _body("h = DBOS.start_workflow(child)", "b()"),
        _body("h = DBOS.start_workflow(child)", "h.get_result()", "b()"),
    ),
    _case("a sleep is inserted", _BREAKS, _body("a()", "b()"), _body("a()", "DBOS.sleep(0.001)", "b()")),
    _case(
        "a sleep lasts longer",
        _SAFE,
        _body("a()", "DBOS.sleep(0.001)", "b()"),
        _body("a()", "DBOS.sleep(0.002)", "b()"),
    ),
    _case(
        "a sleep no longer sleeps",
        _BREAKS,
        _body("a()", "DBOS.sleep(0.001)", "b()"),
        _body("a()", "DBOS.sleep(0)", "b()"),
    ),
    _case("an event is set before a step", _BREAKS, _body("a()", "b()"), _body("a()", 'DBOS.set_event("e", 1)', "b()")),
    _case(
        "an event has another key",
        _SAFE,
        _body('DBOS.set_event("e", 1)', "b()"),
        _body('DBOS.set_event("f", 1)', "b()"),
    ),
    _case(
        "a stream is written before a step",
        _BREAKS,
        _body("a()", "b()"),
        _body("a()", 'DBOS.write_stream("s", 1)', "b()"),
    ),
    _case(
        "a method takes the calls",
        _SAFE,
        _body("a()", "b()"),
        _body("class Work:", "    def go(self) -> None:", "        b()", "a()", "b()"),
    ),
)

FLOW = (
    _case(
        "a branch is unchanged",
        _SAFE,
        _body("if n > 1:", "    a()", "b()", params="n: int"),
        _body("if n > 1:", "    a()", "b()", "c()", params="n: int"),
        (2,),
    ),
    _case(
        "a condition changes",
        _NEW,
        _body("if n > 1:", "    a()", "b()", params="n: int"),
        _body("if n > 2:", "    a()", "b()", params="n: int"),
        (2,),
        spared=(3,),
    ),
    _case(
        "a value that a condition uses changes",
        _NEW,
        _body("limit = 1", "if n > limit:", "    a()", "b()", params="n: int"),
        _body("limit = 2", "if n > limit:", "    a()", "b()", params="n: int"),
        (2,),
        spared=(3,),
    ),
    _case(
        "a constant that a condition uses changes",
        _NEW,
        "LIMIT = 1\n" + _body("if n > LIMIT:", "    a()", "b()", params="n: int"),
        "LIMIT = 2\n" + _body("if n > LIMIT:", "    a()", "b()", params="n: int"),
        (2,),
        spared=(3,),
    ),
    _case(
        "a condition on a recorded value is kept",
        _SAFE,
        _body("x = a()", "if x:", "    b()"),
        _body("x = a()", "print(x)", "if x:", "    b()"),
    ),
    _case(
        "a condition without calls changes",
        _SAFE,
        _body("if n > 1:", "    print(n)", "b()", params="n: int"),
        _body("if n > 2:", "    print(n)", "b()", params="n: int"),
        (2,),
    ),
    _case(
        "a call becomes conditional",
        _NEW,
        _body("a()", "b()", params="n: int"),
        _body("if n > 1:", "    a()", "b()", params="n: int"),
        (1,),
        spared=(2,),
    ),
    _case(
        "a condition is dropped",
        _NEW,
        _body("if n > 1:", "    a()", "b()", params="n: int"),
        _body("a()", "b()", params="n: int"),
        (1,),
        spared=(2,),
    ),
    _case(
        "a call is added to a branch",
        _NEW,
        _body("a()", "if n > 1:", "    b()", "c()", params="n: int"),
        _body("a()", "if n > 2:", "    b()", "    b()", "else:", "    b()", "c()", params="n: int"),
        (3,),
        spared=None,
    ),
    _case(
        "both arms of a branch get a call",
        _BREAKS,
        _body("if n > 1:", "    a()", "else:", "    b()", "c()", params="n: int"),
        _body("if n > 1:", "    t()", "    a()", "else:", "    t()", "    b()", "c()", params="n: int"),
        (2,),
    ),
    _case(
        "an early return that ends a run sooner",
        _SAFE,
        _body("a()", "b()", params="n: int"),
        _body("a()", "if n:", "    return 7", "b()", params="n: int"),
        (1,),
    ),
    _case(
        "an early return goes away",
        _NEW,
        _body("a()", "if n:", "    return 7", "b()", params="n: int"),
        _body("a()", "c()", "b()", params="n: int"),
        (0,),
        spared=(1,),
    ),
    _case(
        "a loop over the same values",
        _SAFE,
        _body("for _ in range(n):", "    a()", "b()", params="n: int"),
        _body("for _ in range(n):", "    a()", "b()", "c()", params="n: int"),
        (2,),
    ),
    _case(
        "a loop has another length",
        _NEW,
        _body("for _ in range(n):", "    a()", "b()", params="n: int"),
        _body("for _ in range(n + 1):", "    a()", "b()", params="n: int"),
        (2,),
    ),
    _case(
        "a loop's body gets a call",
        _NEW,
        _body("for _ in range(n):", "    a()", params="n: int"),
        _body("for _ in range(n):", "    a()", "    b()", params="n: int"),
        (2,),
        spared=(1,),
    ),
    _case(
        "a comprehension becomes a loop",
        _SAFE,
        _body("print([a() for _ in range(n)])", params="n: int"),
        _body("for _ in range(n):", "    print(a())", params="n: int"),
        (2,),
    ),
    _case(
        "an endless loop gets a call",
        _BREAKS,
        _body("while True:", "    if a() > n:", "        break", "    n -= 1", "b()", params="n: int"),
        _body("while True:", "    c()", "    if a() > n:", "        break", "    n -= 1", "b()", params="n: int"),
        (1,),
    ),
    _case(
        "a short circuit is reordered",
        _NEW,
        _body("print(n and a())", "b()", params="n: int"),
        _body("print(a() and n)", "b()", params="n: int"),
        (0,),
        spared=(1,),
    ),
    _case(
        "a handler gets a call",
        _SAFE,
        _body("try:", "    a()", "except ValueError:", "    b()", "c()"),
        _body("try:", "    a()", "except ValueError:", "    b()", "    t()", "c()").replace("    t()\n", "", 1),
    ),
    _case(
        "a final call is inserted",
        _BREAKS,
        _body("try:", "    a()", "finally:", "    b()", "c()"),
        _body("try:", "    a()", "finally:", "    t()", "    b()", "c()"),
    ),
    _case(
        "a match gets a case for other values",
        _SAFE,
        _body("match n:", "    case 1:", "        a()", "    case _:", "        b()", "c()", params="n: int"),
        _body("match n:", "    case 1:", "        a()", "    case _:", "        b()", "c()", "t()", params="n: int"),
        (1,),
    ),
    _case(
        "a new call behind a patch",
        _SAFE,
        _body("a()", "b()"),
        _body("a()", 'if DBOS.patch("more"):', "    c()", "b()"),
    ),
    _case(
        "another call behind a patch",
        _SAFE,
        _body("a()", "b()"),
        _body("a()", 'if DBOS.patch("other"):', "    c()", "else:", "    b()"),
    ),
    _case(
        "a patch is deprecated",
        _SAFE,
        _body("a()", 'if DBOS.patch("p"):', "    c()", "else:", "    b()", "t()"),
        _body("a()", 'DBOS.deprecate_patch("p")', "c()", "t()"),
    ),
    _case(
        "a patch is dropped",
        _BREAKS,
        _body("a()", 'if DBOS.patch("p"):', "    c()", "else:", "    b()", "t()"),
        _body("a()", "c()", "t()"),
    ),
)

VALUES = (
    _case("a parameter with a default is added", _SAFE, _taking("", "n: int"), _taking("", "n: int, m: int = 1"), (1,)),
    _case(
        "a parameter without a default is added", _BREAKS, _taking("", "n: int"), _taking("", "n: int, m: int"), (1,)
    ),
    _case("a parameter is removed", _BREAKS, _taking("", "n: int, m: int"), _taking("", "n: int"), (1, 2)),
    _case("a positional-only parameter is renamed", _SAFE, _taking("", "n: int, /"), _taking("", "m: int, /"), (1,)),
    _case(
        "positional parameters change places",
        _NEW,
        _taking("", "n: int, m: str", "n + 1"),
        _taking("", "m: str, n: int", "n + 1"),
        (1, "x"),
    ),
    _case("a parameter takes more", _SAFE, _taking("", "n: int"), _taking("", "n: int | None"), (1,)),
    _case(
        "a parameter takes less",
        _NEW,
        _taking("", "n: int | None"),
        _taking("", "n: int", "n + 1"),
        (None,),
        spared=(1,),
    ),
    _case("a parameter has another type", _NEW, _taking("", "n: str"), _taking("", "n: int", "n + 1"), ("x",)),
    _case(
        "a list takes other elements",
        _NEW,
        _taking("", "n: list[str]"),
        _taking("", "n: list[int]", "sum(n)"),
        (["x"],),
        spared=([],),
    ),
    _case(
        "a list becomes a tuple",
        _SAFE,
        _taking("", "n: list[int]"),
        _taking("", "n: tuple[int, ...]", "n + (1,)"),
        ([1],),
    ),
    _case(
        "a list becomes a wider sequence",
        _SAFE,
        _taking("", "n: list[int]"),
        _taking("from collections.abc import Sequence\n", "n: Sequence[float]", "sum(n)"),
        ([1],),
    ),
    _case("a recorded result has another type", _NEW, _typed("", "str", '"x"'), _typed("", "int", "1", "x - 1")),
    _case(
        "a recorded text becomes a date",
        _NEW,
        _typed("import datetime\n", "str", '"x"'),
        _typed("import datetime\n", "datetime.date", "datetime.date(2020, 1, 1)"),
    ),
    _case("a recorded result may be more", _SAFE, _typed("", "int", "1"), _typed("", "int | None", "1")),
    _case(
        "a recorded class gets a field with a default",
        _SAFE,
        _typed(_POINT.format(more=""), "Point", "Point(1)"),
        _typed(_POINT.format(more="    y: int = 0\n"), "Point", "Point(1)", "x.y"),
    ),
    _case(
        "a recorded class gets a field without a default",
        _BREAKS,
        _typed(_POINT.format(more=""), "Point", "Point(1)"),
        _typed(_POINT.format(more="    y: int\n"), "Point", "Point(1, 2)"),
    ),
    _case(
        "a list of a class that gets a field without a default",
        _NEW,
        _typed(_POINT.format(more=""), "list[Point]", "[Point(1)]"),
        _typed(_POINT.format(more="    y: int\n"), "list[Point]", "[Point(1, 2)]"),
    ),
    _case(
        "a recorded class loses a field",
        _SAFE,
        _typed(_POINT.format(more="    y: int = 0\n"), "Point", "Point(1)"),
        _typed(_POINT.format(more=""), "Point", "Point(1)", "x.x"),
    ),
    _case(
        "a recorded class has another name",
        _SAFE,
        _typed(_POINT.format(more=""), "Point", "Point(1)"),
        _typed(_POINT.format(more="").replace("Point", "Place"), "Place", "Place(1)", "x.x"),
    ),
    _case(
        "a recorded enum gets a member",
        _SAFE,
        _typed(_COLOUR.format(members="    RED = 1\n"), "Colour", "Colour.RED"),
        _typed(_COLOUR.format(members="    RED = 1\n    BLUE = 2\n"), "Colour", "Colour.RED", "x.name"),
    ),
    _case(
        "a recorded enum's value changes",
        _SAFE,
        _typed(_COLOUR.format(members="    RED = 1\n"), "Colour", "Colour.RED"),
        _typed(_COLOUR.format(members="    RED = 2\n"), "Colour", "Colour.RED", "x.name"),
    ),
    _case(
        "a recorded enum loses all members",
        _BREAKS,
        _typed(_COLOUR.format(members="    RED = 1\n"), "Colour", "Colour.RED"),
        _typed(_COLOUR.format(members="    BLUE = 2\n"), "Colour", "Colour.BLUE"),
    ),
    _case(
        "a parameter's class gets a field without a default",
        _BREAKS,
        _taking(_POINT.format(more=""), "n: Point | None = None")
        .replace("def run", "def inner")
        .replace("    print(0)\n", "")
        + "\n@DBOS.workflow()\ndef run() -> int:\n    inner(Point(1))\n    return 0\n",
        _taking(_POINT.format(more="    y: int\n"), "n: Point | None = None")
        .replace("def run", "def inner")
        .replace("    print(0)\n", "")
        + "\n@DBOS.workflow()\ndef run() -> int:\n    b()\n    return 0\n",
    ),
    _case("a child's result has another type", _NEW, _with_child("str", "'x'", "x"), _with_child("int", "1", "x - 1")),
    _case("the result may be more", _SAFE, _returning("int", "", "0"), _returning("int | None", "", "0")),
    _case("the result has another type", _NEW, _returning("int", "", "0"), _returning("str", "", "'0'")),
    _case(
        "the result's class gets a field without a default",
        _NEW,
        _returning("Point", _POINT.format(more=""), "Point(1)"),
        _returning("Point", _POINT.format(more="    y: int\n"), "Point(1, 2)"),
    ),
    _case(
        "a topic has another name",
        _NEW,
        _body('m: str | None = DBOS.recv("old", 0.05)', "if m is None:", '    raise LookupError("no message")'),
        _body('m: str | None = DBOS.recv("new", 0.05)', "if m is None:", '    raise LookupError("no message")'),
        messages=(("old", "x"),),
    ),
    _case(
        "a message has another type",
        _NEW,
        _body('m = DBOS.recv(Topic[str]("t"), 5)', "print(m)"),
        _body('m = DBOS.recv(Topic[int]("t"), 5)', "print(m - 1)"),
        messages=(("t", "x"),),
    ),
    _case(
        "the workflow has another name",
        _BREAKS,
        _body("a()"),
        _body("a()").replace("@DBOS.workflow()\ndef run", '@DBOS.workflow(name="walk")\ndef run'),
    ),
    _case(
        "the function has another name and the workflow its own",
        _SAFE,
        _body("a()"),
        _body("a()").replace("@DBOS.workflow()\ndef run", '@DBOS.workflow(name="run")\ndef walk') + "\nrun = walk\n",
    ),
    _case("the workflow is gone", _BREAKS, _body("a()"), _PRELUDE),
    _case(
        "a plain function becomes a coroutine function",
        _SAFE,
        _body("DBOS.sleep(0.001)"),
        _body("await DBOS.sleep_async(0.001)").replace("\ndef run", "\nasync def run"),
    ),
)

ALL = (*CALLS, *FLOW, *VALUES)
