from dbos_typed import DBOS
from helper_modules.ids import fresh as make_id
from helper_modules.orders import new_order, order_for


@DBOS.step()
def create(cents: int) -> str:
    return new_order(cents).id


@DBOS.workflow()
def buy(cents: int) -> str:
    first = new_order(cents)  # E: dbos-deterministic
    second = order_for(DBOS.workflow_id, cents)
    third = make_id("cart")  # E: dbos-deterministic
    return first.id + second.id + third + create(cents)
