from shop.steps import audit, pay


class Card:
    def __init__(self, fee: int) -> None:
        self.fee = fee

    def charge(self, n: int) -> int:
        # + audit()
        return pay(n + self.fee)
