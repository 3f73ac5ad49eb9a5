import os
import random
import time

from dbos_typed import DBOS


@DBOS.step()
def attempt(n: int) -> bool:
    return n > 2


@DBOS.workflow()
def until_done(deadline: float) -> int:
    tries = 0
    while time.time() < deadline:  # E: dbos-deterministic
        tries += 1
        if attempt(tries):
            break
        DBOS.sleep(2**tries)
    return tries


@DBOS.workflow()
def backoff(limit: int) -> int:
    for tries in range(limit):
        try:
            if attempt(tries):
                return tries
        except ValueError:
            DBOS.sleep(random.uniform(0, 1))  # E: dbos-deterministic
        finally:
            DBOS.logger.info(tries)
    return -1 if os.cpu_count() else 0  # E: dbos-deterministic
