from dataclasses import dataclass

from dbos_typed import DBOS


class Cart:
    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.items: list[str] = []


@dataclass
class Basket:
    owner: str
    items: list[str]


@DBOS.workflow()
def checkout(basket: Basket) -> int:
    return len(basket.items)


@DBOS.workflow()
def checkout_cart(cart: Cart) -> int:  # E: dbos-serializable
    return len(cart.items)


@DBOS.step()
def new_cart(owner: str) -> Cart:  # E: dbos-serializable
    return Cart(owner)


@DBOS.step()
def summarize(owner: str) -> Basket:
    return Basket(owner, Cart(owner).items)
