from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from dbos_typed import DBOS, DBOSConfiguredInstance, Queue
from etl_broken import io
from etl_broken.io import size_of, stem

loads = Queue("etl-loads")


class Loader(DBOSConfiguredInstance):
    @DBOS.step()
    def read(self, path: Path) -> Iterator[str]:  # E: dbos-serializable
        return iter(path.read_text().splitlines())

    @DBOS.step()
    def read_all(self, path: Path) -> list[str]:
        with io.opened(path) as file:
            return file.readlines()

    @DBOS.transaction()
    def store(self, lines: list[str]) -> int:
        for line in lines:
            DBOS.sql_session.execute(text("INSERT INTO lines VALUES (:l)"), {"l": line})
        DBOS.sql_session.rollback()  # E: dbos-context
        return len(lines)

    @DBOS.workflow()
    def load(self, path: Path) -> int:
        if size_of(path) == 0:  # E: dbos-deterministic
            return 0
        name = stem(path)
        lines = self.read_all(path)
        stored = self.store(lines)
        print(stored.upper(), name)  # E: type
        self.store(name)  # E: type
        return stored

    @DBOS.workflow()
    def load_folder(self, folder: Path) -> int:
        total = 0
        for name in os.listdir(folder):  # E: dbos-deterministic
            handle = loads.enqueue(self.load, folder / name)
            total += handle.get_result()
        for path in sorted(folder.iterdir()):  # E: dbos-deterministic
            loads.enqueue(self.load, str(path))  # E: type
        loads.enqueue(self.read_all, folder)  # E: dbos-workflow
        return total


loader = Loader("main")
print(io.age(Path("a")))
print(DBOS.start_workflow(loader.load, Path("a")).get_result() + 1)
print(DBOS.start_workflow(loader.load, Path("a")).get_result() + "1")  # E: type
DBOS.set_event("done", True)  # E: dbos-context
