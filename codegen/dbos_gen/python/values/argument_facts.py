"""What is known of values when a function is called: whether they are None, count as true, or are a constant."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dbos_gen.python.values.functions import Function


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of a value: whether it is None, and whether it counts as true; None where that is open.

    ``constant`` is the type and the value of a constant.
    """

    is_none: bool | None
    is_true: bool | None
    constant: tuple[type, object] | None = None


Facts = frozenset[tuple[str, Fact]]
"""What is known of names when a function is called."""
NOTHING: Facts = frozenset()
_POSITIVE: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.IsNot: ast.Is, ast.NotEq: ast.Eq, ast.NotIn: ast.In}


def given(function: Function, call: ast.Call, *, is_bound: bool) -> dict[str, ast.expr] | None:
    """Return the argument of each parameter that a call gives one to; None where ``*`` or ``**`` hide them."""
    if any(isinstance(argument, ast.Starred) for argument in call.args) or any(w.arg is None for w in call.keywords):
        return None
    names = {parameter.arg for parameter in function.named}
    return {
        **{parameter.arg: value for parameter, value in zip(function.positional[is_bound:], call.args, strict=False)},
        **{word.arg: word.value for word in call.keywords if word.arg in names},
    }


def at_call(
    function: Function, arguments: Mapping[str, ast.expr], wanted: Collection[str], known: Mapping[str, Fact]
) -> Facts:
    """Return what arguments tell of the wanted parameters, where ``known`` holds of the names of the caller.

    An argument of which nothing is known is taken to be no None.
    """
    found: set[tuple[str, Fact]] = set()
    for parameter in function.named:
        name = parameter.arg
        if name not in wanted:
            continue
        value, default = arguments.get(name), function.defaults.get(name)
        if value is None:
            if isinstance(default, ast.Constant):
                found.add((name, _constant(default)))
            continue
        fact = fact_of(value, known)
        if fact is None:
            is_optional = _is_none(default) or _may_be_none(parameter.annotation)
            fact = Fact(is_none=False, is_true=True if is_optional else None)
        found.add((name, fact))
    return frozenset(found)


def fact_of(node: ast.expr, known: Mapping[str, Fact]) -> Fact | None:
    """Return what is known of the value of an expression, where this is known of names."""
    match node:
        case ast.Constant():
            return _constant(node)
        case ast.Name(id=name):
            return known.get(name)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            holds = truth(test, known)
            return None if holds is None else fact_of(body if holds else orelse, known)
        case _:
            holds = truth(node, known)
            if holds is None:
                return None
            # `a or b` gives one of the two, whatever it is.
            is_bool = not isinstance(node, ast.BoolOp)
            return Fact(False if holds or is_bool else None, holds, (bool, holds) if is_bool else None)


def asked_names(node: ast.expr) -> Iterator[str]:
    """Yield the names on which it depends what `fact_of` says of an expression."""
    match node:
        case ast.Name(id=name):
            yield name
        case (
            ast.UnaryOp(operand=inner)
            | ast.Compare(left=inner)
            | ast.Call(func=ast.Name(id="bool"), args=[inner], keywords=[])
        ):
            yield from asked_names(inner)
        case ast.BoolOp(values=values):
            for each in values:
                yield from asked_names(each)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            for each in (test, body, orelse):
                yield from asked_names(each)
        case _:
            pass


def truth(node: ast.expr, known: Mapping[str, Fact]) -> bool | None:
    """Return whether a condition holds, where this is known of names; None where that is open."""
    match node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            fact = known.get(name)
            return None if fact is None else fact.is_true
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            holds = truth(operand, known)
            return None if holds is None else not holds
        case ast.BoolOp(op=operator, values=values):
            decisive = isinstance(operator, ast.Or)
            truths = [truth(value, known) for value in values]
            return decisive if decisive in truths else None if None in truths else not decisive
        case ast.Call(func=ast.Name(id="bool"), args=[inner], keywords=[]):
            return truth(inner, known)
        case ast.Compare(left=ast.Name(id=name), ops=[operator], comparators=[other]):
            return _compared(known.get(name), operator, other)
        case _:
            return None


def _compared(fact: Fact | None, operator: ast.cmpop, other: ast.expr) -> bool | None:
    match operator, other:
        case ast.Is(), ast.Constant(value=bool() | None as value):
            return _is_itself(fact, value)
        case ast.Eq(), _:
            return _is_equal(fact, other)
        case ast.In(), ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return _any(_is_equal(fact, each) for each in elements)
        case ((ast.IsNot() | ast.NotEq() | ast.NotIn()), _):
            holds = _compared(fact, _POSITIVE[type(operator)](), other)
            return None if holds is None else not holds
        case _:
            return None


def matches(pattern: ast.pattern, fact: Fact | None) -> bool | None:
    """Return whether a value matches a pattern of ``case``; None where that is open."""
    match pattern:
        case ast.MatchValue(value=value):
            return _is_equal(fact, value)
        case ast.MatchSingleton(value=value):
            return _is_itself(fact, value)
        case ast.MatchOr(patterns=patterns):
            return _any(matches(each, fact) for each in patterns)
        case ast.MatchAs(pattern=inner):
            return True if inner is None else matches(inner, fact)
        case _:
            return None


def _is_equal(fact: Fact | None, other: ast.expr) -> bool | None:
    if fact is None or not isinstance(other, ast.Constant):
        return None
    if other.value is None:
        return fact.is_none
    return None if fact.constant is None else fact.constant[1] == other.value


def _is_itself(fact: Fact | None, other: object) -> bool | None:
    if fact is None:
        return None
    if other is None:
        return fact.is_none
    if fact.constant is None:
        return False if other is True and fact.is_true is False else None
    return fact.constant == (bool, other)


def _any(truths: Iterable[bool | None]) -> bool | None:
    found = set(truths)
    return True if True in found else None if None in found else False


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _may_be_none(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return "None" in annotation.value or "Optional" in annotation.value
    return any(
        _is_none(node) or (isinstance(node, ast.Name) and node.id == "Optional") for node in ast.walk(annotation)
    )


def _constant(node: ast.Constant) -> Fact:
    return Fact(is_none=node.value is None, is_true=bool(node.value), constant=(type(node.value), node.value))
