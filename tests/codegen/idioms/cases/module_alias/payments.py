from shop import steps


def charge(n: int) -> int:
    # + steps.audit()
    return steps.pay(n)  # => return steps.refund(n)
