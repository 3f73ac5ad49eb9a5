from enum import Enum
from typing import Final

from dbos_typed import DBOS

BALANCE: Final = "balance"


class Key(str, Enum):
    OWNER = "owner"


TOPIC_DEPOSIT = "deposit"


def publish(cents: int) -> None:
    DBOS.set_event(BALANCE, cents)


@DBOS.workflow()
def constant_account(owner: str) -> int:
    DBOS.set_event(Key.OWNER, owner)
    cents = 0
    while True:
        deposit: int | None = DBOS.recv(TOPIC_DEPOSIT)
        if deposit is None:
            return cents
        cents += deposit
        publish(cents)
