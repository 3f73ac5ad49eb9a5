from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dbos_typed import DBOS


@dataclass
class Rule:
    name: str
    check: Callable[[str], bool]


@dataclass
class RuleSet:
    rules: list[Rule] = field(default_factory=list[Rule])


@dataclass
class Verdict:
    name: str
    passed: bool
    previous: Verdict | None = None


@dataclass
class Lazy:
    verdicts: Iterator[Verdict]


@DBOS.step()
def judge(name: str) -> Verdict:
    return Verdict(name, bool(name))


@DBOS.workflow()
def evaluate(rules: RuleSet, text: str) -> list[Verdict]:  # E: dbos-serializable
    return [Verdict(rule.name, rule.check(text)) for rule in rules.rules]


@DBOS.workflow()
def evaluate_named(rules: list[str], text: str) -> list[Verdict]:
    return [judge(rule + text) for rule in rules]


@DBOS.step()
def lazily(names: list[str]) -> Lazy:  # E: dbos-serializable
    return Lazy(judge(name) for name in names)
