from dbos_typed import DBOS
from helper_chain.progress import describe, half, publish


@DBOS.step()
def download(url: str) -> int:
    print(describe(10))
    half()  # E: dbos-context
    return len(url)


@DBOS.transaction()
def store(size: int) -> None:
    publish(size)  # E: dbos-context
    print(describe(size))


@DBOS.workflow()
def mirror(url: str) -> None:
    publish(0)
    store(download(url))
    half()
