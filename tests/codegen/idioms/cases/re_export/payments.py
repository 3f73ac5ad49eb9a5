from shop.steps import audit, pay, refund


def charge(n: int) -> int:
    # + audit()
    return pay(n)


def give_back(n: int) -> int:
    return refund(n)
