from shop.steps import audit, pay


def charge(n: int) -> int:
    # + audit()
    return pay(n)
