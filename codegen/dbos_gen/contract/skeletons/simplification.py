"""Skeletons without what makes no difference to the order of recorded calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dbos_gen.vocabulary.contracts import Attempt, Block, Choice, Exit, Leave, Loop, Node, Patch, Skeleton, bodies

_LAST = (Exit.RETURN, Exit.RAISE)


def tidied(skeleton: Skeleton) -> Skeleton:
    """Return an equivalent skeleton: without unreachable nodes, empty branches and exits that only end the function."""
    return _sequence(skeleton, is_last=True)


def has_return(skeleton: Skeleton) -> bool:
    """Whether a function with this skeleton may be left before its end."""
    for node in skeleton:
        match node:
            case Leave(exit=Exit.RETURN):
                return True
            case Choice(arms=arms):
                if any(has_return(body) for _, body in arms):
                    return True
            case Loop(body=body):
                if has_return(body):
                    return True
            case Attempt(body=body, handlers=handlers, finally_=finally_):
                if any(has_return(inner) for inner in (body, finally_, *(inner for _, inner in handlers))):
                    return True
            case Patch(then=then, orelse=orelse):
                if has_return(then) or has_return(orelse):
                    return True
            case _:
                pass
    return False


def _sequence(skeleton: Skeleton, *, is_last: bool) -> Skeleton:
    reached: list[Node] = []
    for node in skeleton:
        reached.append(node)
        if isinstance(node, Leave):
            break
    kept: list[Node] = []
    last = is_last
    for node in reversed(reached):
        smaller = _node(node, is_last=last)
        if smaller is not None:
            kept.append(smaller)
            last = False
    return tuple(reversed(kept))


def _node(node: Node, *, is_last: bool) -> Node | None:
    match node:
        case Leave(exit=exit_):
            return None if is_last and exit_ in _LAST else node
        case Choice(arms=arms):
            smaller = tuple((label, _sequence(body, is_last=is_last)) for label, body in arms)
            return replace(node, arms=smaller) if any(body for _, body in smaller) else None
        case Loop(body=body):
            inner = _sequence(body, is_last=False)
            # What is left over from a body without calls is how it ends, which nothing depends on.
            return replace(node, body=inner) if _records(inner) or has_return(inner) or _raises(inner) else None
        case Attempt():
            return _attempt(node, is_last=is_last)
        case Patch(then=then, orelse=orelse):
            return replace(node, then=_sequence(then, is_last=is_last), orelse=_sequence(orelse, is_last=is_last))
        case Block(body=body):
            inner = _sequence(body, is_last=True)
            return replace(node, body=inner) if inner else None
        case _:
            return node


def _attempt(node: Attempt, *, is_last: bool) -> Node | None:
    # An error inside goes to a handler rather than out of the function.
    body = _sequence(node.body, is_last=False)
    finally_ = _sequence(node.finally_, is_last=is_last)
    end = is_last and not finally_
    handlers = tuple((label, _sequence(inner, is_last=end)) for label, inner in node.handlers)
    if not body and not finally_ and not any(inner for _, inner in handlers):
        return None
    return Attempt(body=body, handlers=handlers, finally_=finally_)


def _records(skeleton: Skeleton) -> bool:
    for node in skeleton:
        match node:
            case Leave():
                pass
            case Choice(arms=arms):
                if any(_records(body) for _, body in arms):
                    return True
            case Loop(body=body):
                if _records(body):
                    return True
            case _:
                return True
    return False


def _raises(skeleton: Skeleton) -> bool:
    return any(
        (isinstance(node, Leave) and node.exit is Exit.RAISE)
        or (isinstance(node, Choice) and any(_raises(body) for _, body in node.arms))
        for node in skeleton
    )


def has_exit(skeleton: Skeleton) -> bool:
    """Whether a block may be left other than at its end and by an error."""
    exits = (Exit.RETURN, Exit.BREAK, Exit.CONTINUE)
    return any(contains(skeleton, Leave(exit=each)) for each in exits)


def contains(skeleton: Skeleton, wanted: Node) -> bool:
    """Whether a node stands anywhere in a skeleton."""
    return any(node == wanted or any(contains(body, wanted) for body in bodies(node)) for node in skeleton)


def put_in(skeleton: Skeleton, wanted: Node, inner: Skeleton) -> Skeleton:
    """Return a skeleton with other nodes in the place of one."""
    if not contains(skeleton, wanted):
        return skeleton
    found: list[Node] = []
    for index, node in enumerate(skeleton):
        if node == wanted:
            rest = skeleton[index + 1 :]
            if rest and has_exit(inner):
                # What leaves the block passes through what stands behind it.
                return (*found, Attempt(body=inner, finally_=put_in(rest, wanted, inner)))
            found.extend(inner)
        else:
            found.append(_with_bodies(node, lambda body: put_in(body, wanted, inner)))
    return tuple(found)


def _with_bodies(node: Node, change: Callable[[Skeleton], Skeleton]) -> Node:
    match node:
        case Choice(arms=arms):
            return replace(node, arms=tuple((label, change(body)) for label, body in arms))
        case Loop(body=body) | Block(body=body):
            return replace(node, body=change(body))
        case Attempt(body=body, handlers=handlers, finally_=finally_):
            changed = tuple((label, change(handled)) for label, handled in handlers)
            return Attempt(body=change(body), handlers=changed, finally_=change(finally_))
        case Patch(then=then, orelse=orelse):
            return replace(node, then=change(then), orelse=change(orelse))
        case _:
            return node
