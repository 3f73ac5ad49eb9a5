"""A function in one of its calls: what was passed for its parameters, and the call whose names it sees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from dbos_gen.python.values.functions import Class, Function
from dbos_gen.python.values.values import Made, Passed, Value
from dbos_gen.syntax.body import Body


class Activation(Function):
    """One call of a function. Names of it are looked up here, and then in the call around it."""

    def __init__(
        self, function: Function, passed: Mapping[str, Passed], *, outer: Function | None, receiver: Value | None = None
    ) -> None:
        """`receiver` is what a method is called on."""
        super().__init__(
            source=function.source,
            node=function.node,
            qualname=function.qualname,
            owner=function.owner,
            outer=outer,
            unit=function.unit,
        )
        self._function = function
        self.passed = passed
        self.receiver = receiver

    @property
    def definition(self) -> Function:
        """The function itself."""
        return self._function

    @cached_property
    def body(self) -> Body:
        """The body, which all calls share."""
        return self._function.body

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names that the function binds itself."""
        return self._function.own_names

    @cached_property
    def nested(self) -> dict[str, list[Function]]:
        """The functions defined in the body, by name."""
        return self._function.nested

    @cached_property
    def classes(self) -> dict[str, Class]:
        """The classes defined in the body."""
        return self._function.classes


def bind(function: Function, call: Made | None, *, is_bound: bool, before: Iterable[Made] = ()) -> dict[str, Passed]:
    """Return what a call passes for the parameters of a function, and the defaults of those that it leaves out.

    ``before`` are the calls of ``functools.partial`` around it. Of a call whose number of arguments is not known, what
    stands before the first such argument is returned.
    """
    if isinstance(function.node, ast.Module):
        return {}
    arguments = function.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    found = _defaults(arguments, function.outer or function)
    given = _Given(before, call)
    for parameter, value in zip(positional[1:] if is_bound else positional, given.positional, strict=False):
        found[parameter.arg] = value
    if arguments.vararg is not None and given.is_whole:
        rest = given.positional[len(positional) - is_bound :]
        found[arguments.vararg.arg] = Passed(parts=tuple(rest))
    names = {parameter.arg for parameter in (*arguments.args, *arguments.kwonlyargs)}
    found.update((name, value) for name, value in given.keywords.items() if name in names)
    if arguments.kwarg is not None and given.has_all_names:
        rest_of_names = {name: value for name, value in given.keywords.items() if name not in names}
        found[arguments.kwarg.arg] = Passed(names=rest_of_names)
    return found


def _defaults(arguments: ast.arguments, place: Function) -> dict[str, Passed]:
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return {parameter.arg: Passed(made=Made(value, place)) for parameter, value in pairs if value is not None}


class _Given:
    """The arguments of a call, with those that ``*args`` and ``**kwargs`` of the caller pass on."""

    def __init__(self, before: Iterable[Made], call: Made | None) -> None:
        self.positional: list[Passed] = []
        self.keywords: dict[str, Passed] = {}
        self._is_cut = False
        self.is_whole = call is not None
        self.has_all_names = call is not None
        for made in before:
            if isinstance(made.node, ast.Call):
                self._add(made.node.args[1:], made.node.keywords, made.place)
        if call is not None and isinstance(call.node, ast.Call):
            self._add(call.node.args, call.node.keywords, call.place)

    def _add(self, arguments: Iterable[ast.expr], words: Iterable[ast.keyword], place: Function) -> None:
        for argument in arguments:
            if self._is_cut:
                break
            known = list(_spread(argument.value, place)) if isinstance(argument, ast.Starred) else [argument]
            if None in known:
                self.is_whole, self._is_cut = False, True
                break
            self.positional.extend(
                each if isinstance(each, Passed) else Passed(made=Made(each, place))
                for each in known
                if each is not None
            )
        for word in words:
            if word.arg is not None:
                self.keywords[word.arg] = Passed(made=Made(word.value, place))
                continue
            collected = _collected(word.value, place)
            if collected is None or collected.names is None:
                self.has_all_names = False
            else:
                self.keywords.update(collected.names)


def _spread(node: ast.expr, place: Function) -> Iterator[Passed | ast.expr | None]:
    """Yield what ``*node`` gives, None for what is not known."""
    match node:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            yield from (None if isinstance(each, ast.Starred) else each for each in elements)
        case _:
            collected = _collected(node, place)
            yield from (None,) if collected is None or collected.parts is None else collected.parts


def _collected(node: ast.expr, place: Function) -> Passed | None:
    if not isinstance(node, ast.Name):
        return None
    scope: Function | None = place
    while scope is not None and node.id not in scope.own_names:
        scope = scope.outer
    return scope.passed.get(node.id) if isinstance(scope, Activation) else None


def passed_on(made: Made) -> Made:
    """Return the expression that a parameter stands for, through all calls that hand it on."""
    while isinstance(made.node, ast.Name):
        scope: Function | None = made.place
        while scope is not None and made.node.id not in scope.own_names:
            scope = scope.outer
        passed = scope.passed.get(made.node.id) if isinstance(scope, Activation) else None
        if passed is None or passed.made is None or made.node.id in (scope.body.bindings if scope is not None else ()):
            return made
        made = passed.made
    return made
