"""The error that travels through nested encoders and collects the path to the value on its way up."""

from __future__ import annotations


class Failure(Exception):
    """A value, stored text or annotation cannot be handled; `steps` is the path to it, innermost first.

    `is_annotated`: the annotation stands inside `Annotated[...]`, where other libraries find out what to do with it.
    `unknown_class`: the stored name of a class that is not found.
    """

    def __init__(self, reason: str, *, unknown_class: str = "") -> None:
        self.reason = reason
        self.unknown_class = unknown_class
        self.steps: list[str] = []
        self.is_annotated = False
        super().__init__(reason)

    def at(self, step: str) -> Failure:
        """Note that the trouble lies below `step`, written as in code: `.name`, `[3]`, `['key']`."""
        self.steps.append(step)
        return self

    def path(self, root: str) -> str:
        """Where the trouble is, from `root` on."""
        return root + "".join(reversed(self.steps))


class UnresolvedNameError(Exception):
    """An annotation names something that does not exist yet, or not at run time."""
