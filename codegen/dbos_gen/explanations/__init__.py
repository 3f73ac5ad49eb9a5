"""What each diagnostic code means: one page of Markdown for each, with an example that produces it and a remedy."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def page_of(code: str) -> str:
    """Return the page of a code."""
    return files("dbos_gen.explanations").joinpath(f"{code}.md").read_text(encoding="utf-8")


def title_of(code: str) -> str:
    """Return what a code means in one sentence."""
    return page_of(code).partition("\n")[0].partition(": ")[2]
