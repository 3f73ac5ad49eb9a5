from shop.registry import HANDLERS, handles
from shop.steps import audit, pay, refund


@handles("refund")
def give_back(n: int) -> int:
    # + audit()
    return refund(n)


HANDLERS["pay"] = pay  # => HANDLERS["pay"] = refund
