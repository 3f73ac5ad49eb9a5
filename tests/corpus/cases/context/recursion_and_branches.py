from __future__ import annotations

from dbos_typed import DBOS


@DBOS.workflow()
def tree(depth: int) -> int:
    if depth == 0:
        return 1
    left = DBOS.start_workflow(tree, depth - 1)
    return left.get_result() + tree(depth - 1)


def descend(depth: int) -> int:
    if depth:
        return descend(depth - 1)
    return tree(0)


@DBOS.step()
def shortcut(depth: int) -> int:
    try:
        if depth > 3:
            return descend(depth)  # E: dbos-context
    finally:
        DBOS.logger.info(depth)
    return depth


@DBOS.workflow()
def walk(depth: int) -> int:
    return descend(depth) + shortcut(depth)
