from typing import overload

from dbos_typed import DBOS


@overload
def load(key: int) -> bytes: ...
@overload
def load(key: str) -> str: ...
@DBOS.workflow()
def load(key: int | str) -> bytes | str:
    return key if isinstance(key, str) else bytes(key)


def use() -> str:
    blob = DBOS.start_workflow(load, 3).get_result()
    name: str = DBOS.start_workflow(load, 3).get_result()  # E: type
    return name + DBOS.start_workflow(load, "k").get_result() + blob.decode()
