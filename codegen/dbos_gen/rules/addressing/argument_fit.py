"""Whether the arguments of a call fit the parameters of a workflow that is called by name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dbos_gen.vocabulary.model import Param, ParamKind

_POSITIONAL = (ParamKind.POSITIONAL_ONLY, ParamKind.POSITIONAL_OR_KEYWORD)
_NAMED = (ParamKind.POSITIONAL_OR_KEYWORD, ParamKind.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """What is wrong with a call; ``node`` is the argument, None when one is missing."""

    text: str
    node: ast.expr | None = None


Fits = Callable[[Param, ast.expr], str | None]
"""Says what is wrong with the value of one argument, None when nothing is known to be."""


def misfit(
    params: Sequence[Param], args: Sequence[ast.expr], keywords: Sequence[ast.keyword], fits: Fits
) -> Misfit | None:
    """Return the first thing that is wrong, None for a call that may be right.

    The rules are those of ``inspect.Signature.bind``; a call with ``*args`` or ``**kwargs`` is not judged.
    """
    if any(isinstance(each, ast.Starred) for each in args) or any(word.arg is None for word in keywords):
        return None
    positional = [param for param in params if param.kind in _POSITIONAL]
    rest = next((param for param in params if param.kind is ParamKind.VAR_POSITIONAL), None)
    if len(args) > len(positional) and rest is None:
        return Misfit(text=f"it takes {_count(len(positional))} by position, and {len(args)} are given", node=args[-1])
    given = dict(zip((param.name for param in positional), args, strict=False))
    by_name = {param.name: param for param in params if param.kind in _NAMED}
    accepts_any = any(param.kind is ParamKind.VAR_KEYWORD for param in params)
    for word in keywords:
        name = word.arg or ""
        if name in by_name and name in given:
            return Misfit(text=f"`{name}` is given twice, by position and by name", node=word.value)
        if name in by_name:
            given[name] = word.value
        elif not accepts_any:
            return Misfit(text=f"it has no parameter `{name}`", node=word.value)
    missing = [
        param.name
        for param in params
        if param.kind in (*_POSITIONAL, ParamKind.KEYWORD_ONLY) and not param.has_default and param.name not in given
    ]
    if missing:
        return Misfit(text=f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    judged = [(param, given[param.name]) for param in params if param.name in given]
    judged += [(rest, extra) for extra in args[len(positional) :] if rest is not None]
    for param, value in judged:
        problem = fits(param, value)
        if problem is not None:
            return Misfit(text=problem, node=value)
    return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _count(number: int) -> str:
    return "no argument" if number == 0 else f"{number} argument{'' if number == 1 else 's'}"
