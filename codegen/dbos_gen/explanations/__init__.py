"""What each code of a diagnostic or rule means: a page of Markdown for each, with an example and a remedy."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def page_of(code: str) -> str:
    """Return the page of a code."""
    return files("dbos_gen.explanations").joinpath(f"{code}.md").read_text(encoding="utf-8")


def title_of(code: str) -> str:
    """Return what a code means in one sentence: the title of its page, else its first paragraph."""
    heading, _, rest = page_of(code).partition("\n")
    return heading.partition(": ")[2] or " ".join(rest.strip().partition("\n\n")[0].split())
