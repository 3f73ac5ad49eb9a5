from typing import Protocol, runtime_checkable

from dbos_typed import Workflow


@runtime_checkable
class Notifier(Protocol):
    def __call__(self, user: str, *, text: str) -> bool: ...


class Plugin(Protocol):
    name: str
    entry: Workflow[[str], int]


def enabled(plugin: Plugin) -> str:
    return plugin.name
