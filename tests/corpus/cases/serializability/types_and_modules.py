import re
import types

from dbos_typed import DBOS


@DBOS.workflow()
def load(plugin: types.ModuleType) -> str:  # E: dbos-serializable
    return plugin.__name__


@DBOS.workflow()
def load_named(plugin: str) -> str:
    return plugin


@DBOS.workflow()
def parse(into: type[int], raw: str) -> int:  # E: dbos-serializable
    return into(raw)


@DBOS.step()
def view(data: bytes) -> memoryview:  # E: dbos-serializable
    return memoryview(data)


@DBOS.step()
def data(raw: bytearray) -> bytes:
    return bytes(raw)


@DBOS.step()
def find(pattern: str, raw: str) -> re.Match[str] | None:  # E: dbos-serializable
    return re.search(pattern, raw)


@DBOS.step()
def find_text(pattern: str, raw: str) -> str:
    found = re.search(pattern, raw)
    return found.group() if found else ""
