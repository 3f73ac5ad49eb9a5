import logging
import time
import traceback
import warnings

from dbos_typed import DBOS

LOG = logging.getLogger("app")


class Audit:
    def __init__(self, name: str) -> None:
        self.log = logging.getLogger(name)

    def note(self, text: str) -> None:
        self.log.info(text)


AUDIT = Audit("audit")


@DBOS.step()
def risky(n: int) -> int:
    return 1 // n


@DBOS.workflow()
def careful(n: int) -> int:
    LOG.info("started %s", n)
    AUDIT.note("started")
    try:
        return risky(n)
    except ZeroDivisionError:
        LOG.exception("failed")
        traceback.print_exc()
        warnings.warn("failed", stacklevel=2)
        LOG.info("at %s", time.time())  # E: dbos-deterministic-log
        return 0
