"""Random programs: what workflows are told to do, as nested lists that can be stored."""

import random
from collections.abc import Sequence
from typing import Any, TypeAlias

Instruction: TypeAlias = list[Any]
"""The name of an operation and what it is given."""
Program: TypeAlias = list[Instruction]

SIMPLE = (
    "step",
    "step",
    "flaky",
    "fail",
    "pay",
    "pay",
    "refuse",
    "message",
    "hello",
    "nothing",
    "event",
    "sleep",
    "stream",
    "stream_in_step",
    "patch",
    "steps",
)
"""Operations that run no other program; those that matter most are drawn more often."""
NESTED = ("call", "start", "enqueue", "raise_in_child", "timeout", "fork")
DEPTH = 2
LONGEST = 6
MOST_CHILDREN = 3


def random_program(choice: random.Random, depth: int = DEPTH) -> Program:
    """A program of a few instructions, some of which run further programs."""
    return [_instruction(choice, depth) for _ in range(choice.randint(1, LONGEST))]


def _instruction(choice: random.Random, depth: int) -> Instruction:
    name = choice.choice(SIMPLE if depth == 0 or choice.random() < 0.6 else NESTED)
    match name:
        case "call" | "raise_in_child":
            return [name, random_program(choice, depth - 1)]
        case "start" | "enqueue":
            return [
                name,
                [random_program(choice, depth - 1) for _ in range(choice.randint(1, MOST_CHILDREN))],
            ]
        case _:
            return [name, choice.randint(1, 9)]


def told(programs: Sequence[Program]) -> str:
    """The programs, to be read by people."""
    return "\n".join(f"  {program}" for program in programs)
