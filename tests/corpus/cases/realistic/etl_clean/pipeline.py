from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from dbos_typed import DBOS, DBOSConfiguredInstance, Queue
from etl_clean.sources import Row, batches, digest, rows

loads = Queue("loads", concurrency=4, limiter={"limit": 100, "period": 60.0})


@DBOS.dbos_class()
class Pipeline(DBOSConfiguredInstance):
    def __init__(self, name: str, folder: Path, batch: int = 100) -> None:
        super().__init__(name)
        self.folder = folder
        self.batch = batch

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.csv"

    @DBOS.step()
    def extract(self, name: str) -> list[Row]:
        return rows(self.path(name))

    @DBOS.step()
    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.csv"))

    @staticmethod
    @DBOS.transaction()
    def load(table: str, batch: list[Row]) -> int:
        statement = text(f"INSERT INTO {table} VALUES (:id, :name, :at)")
        DBOS.sql_session.execute(statement, [row._asdict() for row in batch])
        return len(batch)

    @staticmethod
    @DBOS.workflow()
    def load_batch(table: str, batch: list[Row]) -> int:
        return Pipeline.load(table, batch)

    @DBOS.workflow()
    def run_file(self, name: str) -> dict[str, int | str]:
        found = self.extract(name)
        handles = [loads.enqueue(Pipeline.load_batch, name, part) for part in batches(found, self.batch)]
        loaded = sum(handle.get_result() for handle in handles)
        DBOS.set_event("loaded", loaded)
        return {"loaded": loaded, "digest": digest(found)}

    @DBOS.workflow()
    def run(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for name in self.names():
            total[name] += int(self.run_file(name)["loaded"])
        return total


pipeline = Pipeline("main", Path("in"))


@DBOS.scheduled("0 2 * * *")
@DBOS.workflow()
def nightly(scheduled: datetime, actual: datetime) -> None:
    late = actual - scheduled > timedelta(minutes=5)
    DBOS.logger.info("late: %s", late)
    pipeline.run()


def main() -> None:
    DBOS(config={"name": "etl"})
    DBOS.launch()
    print(DBOS.start_workflow(pipeline.run).get_result().most_common(3))


if __name__ == "__main__":
    main()
