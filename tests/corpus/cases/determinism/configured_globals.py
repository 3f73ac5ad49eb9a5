from dbos_typed import DBOS

debug = False
TIMEOUT = 3


def set_debug(value: bool) -> None:
    global debug
    debug = value


@DBOS.step()
def work(n: int) -> int:
    return n


@DBOS.workflow()
def run(n: int) -> int:
    if debug:  # E: dbos-deterministic
        work(1)
    DBOS.sleep(TIMEOUT)
    return work(n)
