import uuid
from decimal import Decimal
from enum import Enum
from typing import NewType

from dbos_typed import DBOS

AccountId = NewType("AccountId", str)


class Currency(Enum):
    EUR = "eur"
    USD = "usd"


@DBOS.workflow()
def transfer(source: AccountId, amount: Decimal, currency: Currency, reference: uuid.UUID) -> Decimal:
    return amount if currency is Currency.EUR and source and reference.int else -amount


REFERENCE = uuid.UUID(int=1)
DBOS.start_workflow(transfer, AccountId("a"), Decimal("1.20"), Currency.EUR, REFERENCE)
DBOS.start_workflow(transfer, "a", Decimal("1.20"), Currency.EUR, REFERENCE)  # E: type
DBOS.start_workflow(transfer, AccountId("a"), 1.2, Currency.EUR, REFERENCE)  # E: type
DBOS.start_workflow(transfer, AccountId("a"), Decimal(1), "eur", REFERENCE)  # E: type
DBOS.start_workflow(transfer, AccountId("a"), Decimal(1), Currency.USD, str(REFERENCE))  # E: type
