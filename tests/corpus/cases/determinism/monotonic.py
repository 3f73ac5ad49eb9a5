import time
from time import perf_counter as clock
from time import strftime

from dbos_typed import DBOS


@DBOS.step()
def work(n: int) -> int:
    begun = clock()
    DBOS.logger.info(time.monotonic() - begun)
    return n


@DBOS.workflow()
def timed(n: int) -> float:
    begun = clock()  # E: dbos-deterministic
    work(n)
    print(strftime("%Y"))  # E: dbos-deterministic-log
    if time.monotonic() > 5:  # E: dbos-deterministic
        return 0.0
    return begun + time.mktime((2024, 1, 1, 0, 0, 0, 0, 0, 0))
