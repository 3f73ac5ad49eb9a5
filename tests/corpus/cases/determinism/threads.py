import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process

from dbos_typed import DBOS


@DBOS.step()
def square(n: int) -> int:
    return n * n


@DBOS.step()
def squares(numbers: list[int]) -> list[int]:
    with ThreadPoolExecutor() as pool:
        return [len(text) for text in pool.map(str, numbers)]


@DBOS.workflow()
def total(numbers: list[int]) -> int:
    with ThreadPoolExecutor() as pool:  # E: dbos-deterministic
        texts = list(pool.map(str, numbers))
    thread = threading.Thread(target=print)  # E: dbos-deterministic
    thread.start()
    Process(target=print).start()  # E: dbos-deterministic
    return len(texts) + sum(square(n) for n in numbers) + sum(squares(numbers))
