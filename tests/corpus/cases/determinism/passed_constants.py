import uuid

from dbos_typed import DBOS


def key_of(order: str, fresh: bool) -> str:
    if fresh:
        return f"{order}-{uuid.uuid4()}"
    return order


class Orders:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def key(self, order: str, *, fresh: bool = False) -> str:
        return self.prefix + key_of(order, fresh)


def label(order: str, mode: str = "plain") -> str:
    return key_of(order, mode == "fresh")


@DBOS.step()
def ship(key: str) -> str:
    return key


@DBOS.workflow()
def send(order: str) -> list[str]:
    orders = Orders("shop-")
    keys = [orders.key(order), orders.key(order, fresh=False), label(order), label(order, "plain")]
    return [ship(key) for key in keys]


@DBOS.workflow()
def send_again(order: str, fresh: bool) -> list[str]:
    orders = Orders("shop-")
    first = ship(orders.key(order, fresh=True))  # E: dbos-deterministic
    second = ship(orders.key(order, fresh=fresh))  # E: dbos-deterministic
    third = ship(label(order, "fresh"))  # E: dbos-deterministic
    return [first, second, third]
