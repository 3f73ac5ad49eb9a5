from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dbos_typed import DBOS, Queue, SetWorkflowTimeout, WorkflowHandleAsync
from documents_clean.metrics import logger, observed, settle, tenant
from documents_clean.settings import settings, thresholds

pages_queue = Queue("pages", worker_concurrency=4)


class Status(StrEnum):
    OK = "ok"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    path: Path
    status: Status = Status.OK
    failed: frozenset[str] = field(default_factory=frozenset[str])


@DBOS.step(retries_allowed=True)
@observed
async def read(path: Path) -> list[str]:
    return path.read_text().splitlines()


@DBOS.step()
async def listing() -> list[Path]:
    return sorted(settings().folder.glob("*.txt"))


@DBOS.step()
async def note(task: str, outcome: Outcome) -> None:
    logger.info("%s %s", task, outcome.status)


def is_spam(line: str) -> bool:
    return line.count("!") / max(len(line), 1) > thresholds()["spam"]


@DBOS.workflow()
async def process(path: Path) -> Outcome:
    tenant.set(path.stem)
    logger.info("started %s", path.name)
    try:
        lines = await read(path)
        bad = {line for line in lines if is_spam(line)}
        outcome = Outcome(path, failed=frozenset(bad))
    except ValueError as error:
        logger.warning("%s", error)
        outcome = Outcome(path, Status.FAILED)
    await note(path.stem, outcome)
    return outcome


@DBOS.workflow()
async def process_all(names: Sequence[str]) -> set[str]:
    run_id = DBOS.workflow_id
    failed: set[str] = set()
    with SetWorkflowTimeout(settings().timeout * len(names)):
        paths = await listing()
        for start in range(0, len(paths), settings().batch):
            handles: list[WorkflowHandleAsync[Outcome]] = []
            for path in paths[start : start + settings().batch]:
                handles.append(await pages_queue.enqueue_async(process, path))
            for outcome in await settle(*(handle.get_result() for handle in handles)):
                failed.update(outcome.failed)
                if outcome.status is Status.FAILED:
                    failed.add(outcome.path.name)
    if failed:
        await DBOS.set_event_async("failed", sorted(failed))
    logger.info("%s done", run_id)
    return failed
