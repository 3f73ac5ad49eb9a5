"""Changes of what workflows take, return and exchange, and what becomes of runs under way."""

from tests.codegen.verdict_builders import (
    BREAKS,
    COLOUR,
    NEW,
    POINT,
    PRELUDE,
    SAFE,
    body,
    case,
    returning,
    taking,
    typed,
    with_child,
)

VALUES = (
    case("a parameter with a default is added", SAFE, taking("", "n: int"), taking("", "n: int, m: int = 1"), (1,)),
    case("a parameter without a default is added", BREAKS, taking("", "n: int"), taking("", "n: int, m: int"), (1,)),
    case("a parameter is removed", BREAKS, taking("", "n: int, m: int"), taking("", "n: int"), (1, 2)),
    case("a positional-only parameter is renamed", SAFE, taking("", "n: int, /"), taking("", "m: int, /"), (1,)),
    case(
        "positional parameters change places",
        NEW,
        taking("", "n: int, m: str", "n + 1"),
        taking("", "m: str, n: int", "n + 1"),
        (1, "x"),
    ),
    case("a parameter takes more", SAFE, taking("", "n: int"), taking("", "n: int | None"), (1,)),
    case(
        "a parameter takes less",
        NEW,
        taking("", "n: int | None"),
        taking("", "n: int", "n + 1"),
        (None,),
        spared=(1,),
    ),
    case("a parameter has another type", NEW, taking("", "n: str"), taking("", "n: int", "n + 1"), ("x",)),
    case(
        "a list takes other elements",
        NEW,
        taking("", "n: list[str]"),
        taking("", "n: list[int]", "sum(n)"),
        (["x"],),
        spared=([],),
    ),
    case(
        "a list becomes a tuple",
        SAFE,
        taking("", "n: list[int]"),
        taking("", "n: tuple[int, ...]", "n + (1,)"),
        ([1],),
    ),
    case(
        "a list becomes a wider sequence",
        SAFE,
        taking("", "n: list[int]"),
        taking("from collections.abc import Sequence\n", "n: Sequence[float]", "sum(n)"),
        ([1],),
    ),
    case("a recorded result has another type", NEW, typed("", "str", '"x"'), typed("", "int", "1", "x - 1")),
    case(
        "a recorded text becomes a date",
        NEW,
        typed("import datetime\n", "str", '"x"'),
        typed("import datetime\n", "datetime.date", "datetime.date(2020, 1, 1)"),
    ),
    case("a recorded result may be more", SAFE, typed("", "int", "1"), typed("", "int | None", "1")),
    case(
        "a recorded class gets a field with a default",
        SAFE,
        typed(POINT.format(more=""), "Point", "Point(1)"),
        typed(POINT.format(more="    y: int = 0\n"), "Point", "Point(1)", "x.y"),
    ),
    case(
        "a recorded class gets a field without a default",
        BREAKS,
        typed(POINT.format(more=""), "Point", "Point(1)"),
        typed(POINT.format(more="    y: int\n"), "Point", "Point(1, 2)"),
    ),
    case(
        "a list of a class that gets a field without a default",
        NEW,
        typed(POINT.format(more=""), "list[Point]", "[Point(1)]"),
        typed(POINT.format(more="    y: int\n"), "list[Point]", "[Point(1, 2)]"),
    ),
    case(
        "a recorded class loses a field",
        SAFE,
        typed(POINT.format(more="    y: int = 0\n"), "Point", "Point(1)"),
        typed(POINT.format(more=""), "Point", "Point(1)", "x.x"),
    ),
    case(
        "a recorded class has another name",
        SAFE,
        typed(POINT.format(more=""), "Point", "Point(1)"),
        typed(POINT.format(more="").replace("Point", "Place"), "Place", "Place(1)", "x.x"),
    ),
    case(
        "a recorded enum gets a member",
        SAFE,
        typed(COLOUR.format(members="    RED = 1\n"), "Colour", "Colour.RED"),
        typed(COLOUR.format(members="    RED = 1\n    BLUE = 2\n"), "Colour", "Colour.RED", "x.name"),
    ),
    case(
        "a recorded enum's value changes",
        SAFE,
        typed(COLOUR.format(members="    RED = 1\n"), "Colour", "Colour.RED"),
        typed(COLOUR.format(members="    RED = 2\n"), "Colour", "Colour.RED", "x.name"),
    ),
    case(
        "a recorded enum loses all members",
        BREAKS,
        typed(COLOUR.format(members="    RED = 1\n"), "Colour", "Colour.RED"),
        typed(COLOUR.format(members="    BLUE = 2\n"), "Colour", "Colour.BLUE"),
    ),
    case(
        "a parameter's class gets a field without a default",
        BREAKS,
        taking(POINT.format(more=""), "n: Point | None = None")
        .replace("def run", "def inner")
        .replace("    print(0)\n", "")
        + "\n@DBOS.workflow()\ndef run() -> int:\n    inner(Point(1))\n    return 0\n",
        taking(POINT.format(more="    y: int\n"), "n: Point | None = None")
        .replace("def run", "def inner")
        .replace("    print(0)\n", "")
        + "\n@DBOS.workflow()\ndef run() -> int:\n    b()\n    return 0\n",
    ),
    case("a child's result has another type", NEW, with_child("str", "'x'", "x"), with_child("int", "1", "x - 1")),
    case("the result may be more", SAFE, returning("int", "", "0"), returning("int | None", "", "0")),
    case("the result has another type", NEW, returning("int", "", "0"), returning("str", "", "'0'")),
    case(
        "the result's class gets a field without a default",
        NEW,
        returning("Point", POINT.format(more=""), "Point(1)"),
        returning("Point", POINT.format(more="    y: int\n"), "Point(1, 2)"),
    ),
    case(
        "a topic has another name",
        NEW,
        body('m: str | None = DBOS.recv("old", 0.05)', "if m is None:", '    raise LookupError("no message")'),
        body('m: str | None = DBOS.recv("new", 0.05)', "if m is None:", '    raise LookupError("no message")'),
        messages=(("old", "x"),),
    ),
    case(
        "a message has another type",
        NEW,
        body('m = DBOS.recv(Topic[str]("t"), 5)', "print(m)"),
        body('m = DBOS.recv(Topic[int]("t"), 5)', "print(m - 1)"),
        messages=(("t", "x"),),
    ),
    case(
        "the workflow has another name",
        BREAKS,
        body("a()"),
        body("a()").replace("@DBOS.workflow()\ndef run", '@DBOS.workflow(name="walk")\ndef run'),
    ),
    case(
        "the function has another name and the workflow its own",
        SAFE,
        body("a()"),
        body("a()").replace("@DBOS.workflow()\ndef run", '@DBOS.workflow(name="run")\ndef walk') + "\nrun = walk\n",
    ),
    case("the workflow is gone", BREAKS, body("a()"), PRELUDE),
    case(
        "a plain function becomes a coroutine function",
        SAFE,
        body("DBOS.sleep(0.001)"),
        body("await DBOS.sleep_async(0.001)").replace("\ndef run", "\nasync def run"),
    ),
)
