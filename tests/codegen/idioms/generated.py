"""Random programs: calls in branches and loops, each behind up to three ways to reach it.

Every branch and every loop has a parameter of its own, and the program is run with all combinations of their values, so
that each call that is written is made by some run.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.codegen.idioms.programs import MAIN, Program, program

_PRELUDE = """\
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial, wraps

from dbos_typed import DBOS, DBOSConfiguredInstance


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.transaction()
def store(n: int) -> int:
    return n


@DBOS.step()
def audit() -> None:
    pass


@DBOS.workflow()
def child(n: int) -> int:
    return pay(n)


def tell(n: int) -> None:
    DBOS.set_event("amount", n)


def begin(n: int) -> int:
    return DBOS.start_workflow(child, n).get_result()


def applied(act, n: int):
    return act(n)


@contextmanager
def scoped(act, n: int) -> Iterator[int]:
    yield act(n)

"""
_ATOMS = ("pay", "pay", "refund", "refund", "store", "child", "tell", "begin")
_MAX_DECISIONS = 2
_MAX_DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """A way to reach a function: `text` are the definitions that it takes, `expression` is the function behind it.

    Both have `{act}`, the function that is reached, and `{i}`, a number that nothing else has.
    """

    expression: str
    text: str = ""


_WAYS = {
    "helper": _Way(
        expression="helper{i}",
        text="def helper{i}(n: int):\n    # + audit()\n    return {act}(n)\n",
    ),
    "annotated helper": _Way(
        expression="helper{i}",
        text="def helper{i}(n: int) -> int | None:\n    # + audit()\n    found = {act}(n)\n    return found\n",
    ),
    "alias": _Way(expression="alias{i}", text="alias{i} = {act}\n"),
    "dict": _Way(expression='TABLE{i}["x"]', text='TABLE{i} = {{"x": {act}}}\n'),
    "dict that is filled": _Way(expression='TABLE{i}["x"]', text='TABLE{i} = {{}}\nTABLE{i}["x"] = {act}\n'),
    "dict with get": _Way(expression='TABLE{i}.get("x")', text='TABLE{i} = {{"x": {act}}}\n'),
    "list": _Way(expression="LIST{i}[0]", text="LIST{i} = [{act}]\n"),
    "partial": _Way(expression="partial({act})"),
    "partial of the module": _Way(expression="bound{i}", text="bound{i} = partial({act})\n"),
    "lambda": _Way(expression="(lambda n: {act}(n))"),
    "lambda of the module": _Way(expression="lambda{i}", text="lambda{i} = lambda n: {act}(n)\n"),
    "method": _Way(
        expression="Class{i}().act",
        text="class Class{i}:\n    def act(self, n: int):\n        # + audit()\n        return {act}(n)\n",
    ),
    "method of an object of the module": _Way(
        expression="object{i}.act",
        text="class Class{i}:\n    def act(self, n: int):\n        # + audit()\n        return {act}(n)\n\n\n"
        "object{i} = Class{i}()\n",
    ),
    "static method": _Way(
        expression="Class{i}.act",
        text="class Class{i}:\n    @staticmethod\n    def act(n: int):\n        # + audit()\n        return {act}(n)\n",
    ),
    "inherited method": _Way(
        expression="Class{i}().act",
        text="class Base{i}:\n    def act(self, n: int):\n        # + audit()\n        return {act}(n)\n\n\n"
        "class Class{i}(Base{i}):\n    pass\n",
    ),
    "super": _Way(
        expression="Class{i}().act",
        text="class Base{i}:\n    def act(self, n: int):\n        # + audit()\n        return {act}(n)\n\n\n"
        "class Class{i}(Base{i}):\n    def act(self, n: int):\n        return super().act(n)\n",
    ),
    "hook": _Way(
        expression="Class{i}().run",
        text="class Base{i}:\n    def run(self, n: int):\n        return self.act(n)\n\n"
        "    def act(self, n: int):\n        return None\n\n\n"
        "class Class{i}(Base{i}):\n    def act(self, n: int):\n        # + audit()\n        return {act}(n)\n",
    ),
    "attribute": _Way(
        expression="Class{i}().act",
        text="class Class{i}:\n    def __init__(self) -> None:\n        self.act = {act}\n",
    ),
    "injected function": _Way(
        expression="Class{i}({act}).run",
        text="class Class{i}:\n    def __init__(self, act) -> None:\n        self.act = act\n\n"
        "    def run(self, n: int):\n        # + audit()\n        return self.act(n)\n",
    ),
    "class attribute": _Way(
        expression="Class{i}.act",
        text="class Class{i}:\n    act = staticmethod({act})\n",
    ),
    "callable object": _Way(
        expression="Class{i}()",
        text="class Class{i}:\n    def __call__(self, n: int):\n        # + audit()\n        return {act}(n)\n",
    ),
    "property": _Way(
        expression="Class{i}().act",
        text="class Class{i}:\n    @property\n    def act(self):\n        return {act}\n",
    ),
    "factory": _Way(
        expression="make{i}()",
        text="def make{i}():\n    return {act}\n",
    ),
    "factory of objects": _Way(
        expression="make{i}().act",
        text="class Class{i}:\n    def act(self, n: int):\n        # + audit()\n        return {act}(n)\n\n\n"
        "def make{i}():\n    return Class{i}()\n",
    ),
    "closure": _Way(
        expression="around{i}({act})",
        text="def around{i}(act):\n    def inner(n: int):\n        # + audit()\n        return act(n)\n\n"
        "    return inner\n",
    ),
    "decorator": _Way(
        expression="decorated{i}",
        text="def decorator{i}(act):\n    @wraps(act)\n    def inner(*args):\n        # + audit()\n"
        "        return act(*args)\n\n    return inner\n\n\n"
        "@decorator{i}\ndef decorated{i}(n: int):\n    # + audit()\n    return {act}(n)\n",
    ),
    "choice": _Way(expression="({act} if n >= 0 else None)"),
}

# Each is a statement that calls `{act}` once, with `{i}` as above.
_SITES = (
    "{act}(n)",
    "value{i} = {act}(n)",
    "applied({act}, n)",
    "applied(act={act}, n=n)",
    "list(map({act}, (n,)))",
    "sum([{act}(each) or 0 for each in (n,)])",
    "for act{i} in ({act},):\n    act{i}(n)",
    "with scoped({act}, n) as value{i}:\n    print(value{i})",
    "if {act}(n) is None:\n    print(n)",
    "act{i} = {act}\nact{i}(n)",
    "print({act}(n))",
)


@dataclass(slots=True)
class _Builder:
    source: random.Random
    numbers: Callable[[], int] = field(default_factory=lambda: itertools.count().__next__)
    definitions: list[str] = field(default_factory=list[str])
    attributes: list[str] = field(default_factory=list[str])
    decisions: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    is_method: bool = False

    def block(self, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.source.randrange(1, 4)):
            lines += self._statement(depth)
        return lines

    def _statement(self, depth: int) -> list[str]:
        chance = self.source.random()
        if depth >= _MAX_DEPTH or len(self.decisions) >= _MAX_DECISIONS or chance < 0.5:
            return self._site()
        name = f"c{len(self.decisions)}"
        if chance < 0.7:
            self.decisions.append((0, 1, 2))
            return [f"for _ in range({name}):", *_indented(self.block(depth + 1))]
        self.decisions.append((0, 1))
        lines = [f"if {name}:", *_indented(self.block(depth + 1))]
        if chance < 0.8:
            return [*lines, "    return 0"]
        return [*lines, "else:", *_indented(self.block(depth + 1))] if chance < 0.9 else lines

    def _site(self) -> list[str]:
        act = self._reached()
        if self.is_method and self.source.random() < 0.5:
            number = self.numbers()
            self.attributes.append(f"self.act{number} = {act.replace(' if n >= 0 else None', '')}")
            act = f"self.act{number}"
        return self.source.choice(_SITES).format(act=act, i=self.numbers()).splitlines()

    def _reached(self) -> str:
        act = self.source.choice(_ATOMS)
        for _ in range(self.source.randrange(4)):
            # A choice takes the argument of the function in which it stands, which definitions do not have.
            names = [name for name in _WAYS if "if n" not in act or not _WAYS[name].text]
            way, number = _WAYS[self.source.choice(names)], self.numbers()
            if way.text:
                self.definitions.append(way.text.format(act=act, i=number))
            act = way.expression.format(act=act, i=number)
        return act


def generated(seed: int) -> Program:
    """Return the program of a seed."""
    source = random.Random(seed)  # noqa: S311  # no secret
    builder = _Builder(source, is_method=source.random() < 0.3)
    body = builder.block(0)
    body.insert(0, "# + audit()")
    body.append("return 1")
    names = [f"c{index}" for index in range(len(builder.decisions))]
    parameters = ", ".join(f"{name}: int" for name in ("n", *names))
    prefix = "FLOW.run" if builder.is_method else "flow"
    runs = [f"# run: {prefix}({', '.join(map(str, (3, *given)))})" for given in itertools.product(*builder.decisions)]
    if builder.is_method:
        inside = [
            "def __init__(self, name: str) -> None:",
            *_indented(["super().__init__(name)", *builder.attributes]),
            "",
            "@DBOS.workflow()",
            f"def run(self, {parameters}) -> int:",
            *_indented(body),
        ]
        flow = [
            "@DBOS.dbos_class()",
            "class Flow(DBOSConfiguredInstance):",
            *_indented(inside),
            "",
            "",
            'FLOW = Flow("f")',
        ]
    else:
        flow = ["@DBOS.workflow()", f"def flow({parameters}) -> int:", *_indented(body)]
    text = "\n\n".join(["\n".join(runs), _PRELUDE, *builder.definitions, "\n".join(flow)]) + "\n"
    return program(f"seed {seed}", {MAIN: text})


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]
