"""Pages are fetched one by one and loaded through queues."""

from dbos_typed import DBOS, WorkflowHandle

from etl import options
from etl.sources import Sink, Source, batches

SOURCE = Source()


class Pipeline:
    """One way from a source to a sink."""

    sink = Sink()

    def __init__(self, source: Source) -> None:
        self._source = source

    def transform(self, batch_id: str, scores: list[int]) -> list[int]:
        good = []
        for score in scores:
            if score < options.quality().min_score:
                self.sink.reject(batch_id, score)
            else:
                good.append(score)
        return good

    def load(self, batch_id: str, scores: list[int]) -> int:
        good = self.transform(batch_id, scores)
        return self.sink.write(batch_id, good) if good else 0

    def sync(self, job_id: str) -> int:
        handles: list[WorkflowHandle[int]] = []
        for page in self._source.pages(job_id):
            for scores in batches(page.scores):
                queue = options.queue_for(len(page.scores))
                handles.append(queue.enqueue(load_batch, f"{job_id}-{len(handles)}", scores))
        rows = sum(handle.get_result() for handle in handles)
        self.sink.finish(job_id, rows)
        return rows


PIPELINE = Pipeline(SOURCE)


@DBOS.workflow()
def load_batch(batch_id: str, scores: list[int]) -> int:
    return PIPELINE.load(batch_id, scores)


@DBOS.workflow()
def sync(job_id: str) -> int:
    DBOS.set_event("state", "running")
    rows = PIPELINE.sync(job_id)
    DBOS.set_event("state", "done")
    return rows


@DBOS.workflow()
def reload(job_id: str, scores: list[int]) -> int:
    handle = DBOS.start_workflow(load_batch, job_id, scores)
    if "rejected" in options.quality().columns:
        PIPELINE.sink.reject(job_id, 0)
    return handle.get_result()
