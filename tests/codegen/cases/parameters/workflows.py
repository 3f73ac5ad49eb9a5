"""Every kind of parameter."""

from typing import TypedDict, Unpack

from dbos_typed import DBOS


class Options(TypedDict, total=False):
    colour: str
    size: int


@DBOS.workflow()
def everything(a: int, b: str = "x", /, c: bytes = b"", *rest: float, d: bool, e: None = None, **more: str) -> int:
    return 0


@DBOS.workflow()
def keywords_only(*, a: int, b: int = 1) -> int:
    return 0


@DBOS.workflow()
def packed(**options: Unpack[Options]) -> int:
    return 0


@DBOS.workflow()
def stars(*args: int, **kwargs: int) -> int:
    return 0


@DBOS.workflow()
def long_types(
    mapping: dict[str, dict[tuple[int, int, int], list[tuple[str, bytes, float]]]],
    other: dict[str, dict[tuple[int, int, int], list[tuple[str, bytes, float, dict[str, tuple[int, int, int, int, int]]]]]],
) -> dict[str, dict[tuple[int, int, int], list[tuple[str, bytes, float, dict[str, tuple[int, int]]]]]]:
    return {}
