from __future__ import annotations

import chains_of_four.c as c


def second(n: int) -> str:
    return c.third(n) if n else c.Names.default()
