from dbos_typed import DBOS
from logging_helpers import log
from logging_helpers.metrics import elapsed


@DBOS.step()
def work(n: int) -> int:
    log.info("took %s", elapsed(0.0))
    return n


@DBOS.workflow()
def run(n: int) -> int:
    log.banner("start")
    log.info("working on %s", n)
    result = work(n)
    if elapsed(0.0) > 3:  # E: dbos-deterministic
        log.info("slow")
    return result
