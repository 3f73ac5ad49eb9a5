from collections.abc import Callable

from dbos_typed import DBOS, Workflow


@DBOS.workflow()
def resize(image: str, width: int) -> str:
    return image * width


@DBOS.workflow()
def rotate(image: str, degrees: int) -> str:
    return image * degrees


@DBOS.workflow()
def caption(image: str, text: str) -> str:
    return image + text


FILTERS: dict[str, Workflow[[str, int], str]] = {"resize": resize, "rotate": rotate}
BROKEN: list[Workflow[[str, int], str]] = [resize, caption]  # E: type


def apply(kind: str, image: str) -> None:
    DBOS.start_workflow(FILTERS[kind], image, 3)
    DBOS.start_workflow(FILTERS[kind], image, "3")  # E: type


def run(effect: Workflow[[str, int], str], plain: Callable[[str, int], str]) -> None:
    DBOS.start_workflow(effect, "i", 2)
    DBOS.start_workflow(plain, "i", 2)  # E: dbos-workflow


run(resize, caption)  # E: type
run(rotate, resize)
