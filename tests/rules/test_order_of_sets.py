"""What follows the order of a set, which is another one in another process, and makes recorded calls."""

from pathlib import Path

import pytest

from tests.rules.programs import assert_found, findings

_HEAD = """\
import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from dbos_typed import DBOS

@DBOS.step()
def call(name: object) -> int:
    return 1

@DBOS.step()
async def acall(name: object) -> int:
    return 1

def unique(names: list[str]) -> list[str]:
    return list(set(names))

def unique_in_order(names: list[str]) -> list[str]:
    return sorted(set(names))

@DBOS.step()
def unique_in_a_step(names: list[str]) -> list[str]:
    return list(set(names))

def calling(name: str) -> int:
    return call(name)

@dataclass
class Order:
    zones: dict[str, set[str]]
    lines: dict[str, list[str]]

class Repository:
    def __init__(self, names: list[str]) -> None:
        self.names = set(names)

    def todo(self) -> list[str]:
        return [name for name in self.names]

"""

_ARGUMENTS = (
    "names: list[str], chosen: set[str], groups: dict[str, set[str]], lists: dict[str, list[str]], "
    "old: dict[str, int], new: dict[str, int], order: Order"
)


def _workflow(lines: str, *, is_async: bool = False) -> str:
    head = f"@DBOS.workflow()\n{'async ' if is_async else ''}def run({_ARGUMENTS}) -> None:\n"
    return _HEAD + head + "".join(f"    {line}\n" for line in lines.splitlines())


@pytest.mark.parametrize(
    "iterated",
    [
        "unique(names)", "Repository(names).todo()", "chain(['x'], chosen)", "islice(chosen, 3)", "[*chosen]",
        "(*names, *chosen)", "groups['x']", "groups.get('x', set())", "list(groups['x'])", "enumerate(groups['x'])",
        "old.keys() - new.keys()", "new.keys() & chosen", "old.items() ^ new.items()", "order.zones['x']",
        "{name: 1 for name in chosen}", "{name: 1 for name in chosen}.items()", "[name for name in unique(names)]",
    ],
)  # fmt: skip
def test_loops_that_follow_a_set(iterated: str, tmp_path: Path) -> None:
    assert_found(tmp_path, _workflow(f"for name in {iterated}:  # E: dbos-deterministic\n    call(name)"))


@pytest.mark.parametrize(
    "iterated",
    [
        "unique_in_order(names)", "unique_in_a_step(names)", "sorted(unique(names))", "chain(names, sorted(chosen))",
        "[*names]", "lists['x']", "lists.get('x', [])", "sorted(groups['x'])", "groups", "groups.items()",
        "sorted(old.keys() - new.keys())", "old.keys()", "order.lines['x']", "{name: 1 for name in names}",
        "range(len(chosen))", "{name: 1 for name in sorted(chosen)}.values()",
    ],
)  # fmt: skip
def test_loops_that_have_an_order(iterated: str, tmp_path: Path) -> None:
    assert_found(tmp_path, _workflow(f"for name in {iterated}:\n    call(name)"))


_FILLED = {
    "list": """\
todo: list[str] = []
for name in chosen:
    todo.append(name)
""",
    "deque": """\
todo: deque[str] = deque()
for name in set(names):
    if name:
        todo.append(name)
""",
    "dict": """\
todo: dict[str, str] = {}
for name in chosen:
    todo[name] = name.upper()
""",
}
_CALLED = "for name in {}:{}\n    call(name)"


@pytest.mark.parametrize("filled", _FILLED)
def test_what_is_filled_in_the_order_of_a_set_follows_it(filled: str, tmp_path: Path) -> None:
    assert_found(tmp_path, _workflow(_FILLED[filled] + _CALLED.format("todo", "  # E: dbos-deterministic")))
    assert_found(tmp_path, _workflow(_FILLED[filled] + _CALLED.format("sorted(todo)", "")))


def test_what_is_filled_and_sorted_has_an_order(tmp_path: Path) -> None:
    called = _CALLED.format("todo", "")
    assert_found(tmp_path, _workflow(f"{_FILLED['list']}todo.sort()\n{called}"))
    assert_found(tmp_path, _workflow(_FILLED["list"].replace("chosen", "names") + called))
    sorted_first = "groups = {key: sorted(group) for key, group in groups.items()}\n"
    assert_found(tmp_path, _workflow(sorted_first + _CALLED.format("groups['x']", "")))


def test_elements_of_containers_of_sets(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        _workflow("""\
for group in groups.values():
    for name in group:  # E: dbos-deterministic
        call(name)
    for name in sorted(group):
        call(name)
    len(group)
for key, members in groups.items():
    call(key)
    for name in members:  # E: dbos-deterministic
        call(name)
for key, listed in lists.items():
    for name in listed:
        call(name)
"""),
    )


def test_functions_that_are_mapped(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        _workflow("""\
list(map(call, chosen))  # E: dbos-deterministic
list(map(calling, chosen))  # E: dbos-deterministic
sum(map(call, {"a", "b"}))  # E: dbos-deterministic
list(map(call, names))
list(map(call, sorted(chosen)))
list(map(len, chosen))
sorted(map(str.upper, chosen))
"""),
    )


def test_coroutines(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        _workflow(
            """\
await asyncio.gather(*map(acall, chosen))  # E: dbos-deterministic
await asyncio.gather(*map(acall, names))
done, _ = await asyncio.wait([asyncio.create_task(acall(name)) for name in names])
for task in done:  # E: dbos-deterministic
    await acall(task.result())
sum(task.result() for task in done)
""",
            is_async=True,
        ),
    )


def test_helpers_in_which_the_loop_is(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        _HEAD
        + """
def call_all(groups: dict[str, set[str]]) -> None:
    for name in groups["x"]:
        call(name)

@DBOS.workflow()
def run(groups: dict[str, set[str]]) -> None:
    call_all(groups)  # E: dbos-deterministic
""",
    )


def test_elements_by_their_place(tmp_path: Path) -> None:
    assert_found(
        tmp_path,
        _workflow("""\
call(next(iter(chosen)))  # E: dbos-deterministic
call(list(chosen)[0])  # E: dbos-deterministic
call(tuple(groups["x"])[-1])  # E: dbos-deterministic
call(set(names).pop())  # E: dbos-deterministic
call(next(iter(names)))
call(list(names)[0])
call(sorted(chosen)[0])
call(min(chosen))
call(len(list(chosen)))
"""),
    )


def test_messages_say_whether_it_is_a_set_itself(tmp_path: Path) -> None:
    loops = "for name in chosen:\n    call(name)\nfor other in unique(names):\n    call(other)"
    texts = [finding.text for finding in findings(tmp_path, _workflow(loops))]
    assert [text.partition(" another one")[0] for text in texts] == [
        "`chosen` is a set, whose order is",
        "`unique(names)` is in the order of a set, which is",
    ]
