from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from dbos_typed import DBOS


@DBOS.transaction()
def debit(cents: int) -> int:
    DBOS.sql_session.execute(text("UPDATE a SET c = c - :c"), {"c": cents})
    return cents


@DBOS.workflow()
def child(n: int) -> int:
    return n


def debit_twice(cents: int) -> int:
    return debit(cents) + debit(cents)


def double(cents: int) -> int:
    return cents * 2


@DBOS.step()
def spread(numbers: list[int]) -> int:
    doubled = list(map(double, numbers))
    with ThreadPoolExecutor() as pool:
        doubled += pool.map(double, numbers)
    return sum(doubled) + sum(map(child, numbers))  # E: dbos-context


@DBOS.step()
def pay(cents: int) -> int:
    return debit_twice(cents)  # E: dbos-context


@DBOS.workflow()
def all_of_it(numbers: list[int]) -> int:
    return sum(map(child, numbers)) + debit_twice(3) + spread(numbers) + pay(3)
