"""Tables that are filled while modules are imported are constant by the time a workflow runs."""

from collections.abc import Callable

from dbos_typed import DBOS

Parser = Callable[[str], int]
PARSERS: dict[str, Parser] = {}
NAMES: list[str] = ["plain"]


def parser(name: str) -> Callable[[Parser], Parser]:
    def register(function: Parser) -> Parser:
        PARSERS[name] = function
        return function

    return register


@parser("length")
def length(text: str) -> int:
    return len(text)


@parser("words")
def words(text: str) -> int:
    return len(text.split())


NAMES.append("other")
NAMES.extend(PARSERS)


@DBOS.workflow()
def parse(kind: str, text: str) -> int:
    chosen = PARSERS[kind]
    return chosen(text) + len(NAMES)
