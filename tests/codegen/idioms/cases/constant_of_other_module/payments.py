from shop.settings import TIMES
from shop.steps import pay


def charge_often(n: int) -> int:
    return sum([pay(n) for _ in range(TIMES)])
