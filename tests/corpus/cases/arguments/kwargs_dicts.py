from typing import Any, TypedDict

from dbos_typed import DBOS


class Options(TypedDict):
    width: int
    height: int


@DBOS.workflow()
def resize(image: str, *, width: int, height: int) -> str:
    return image * width * height


options: Options = {"width": 1, "height": 2}
loose: dict[str, Any] = {"width": 1, "height": 2}
texts: dict[str, str] = {"width": "1", "height": "2"}
size = (1, 2)
DBOS.start_workflow(resize, "i", **options)
DBOS.start_workflow(resize, "i", **loose)
DBOS.start_workflow(resize, "i", **texts)  # E: type
DBOS.start_workflow(resize, "i", *size)  # E: type
DBOS.start_workflow(resize, **options)  # E: type
resize("i", **options)
resize("i", 1, **options)  # E: type
