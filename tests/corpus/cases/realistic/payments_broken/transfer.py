import uuid
from datetime import UTC, datetime
from decimal import Decimal

from dbos_typed import DBOS, Topic
from payments_broken import ledger
from payments_broken.ledger import balance, book
from payments_broken.money import Money, label, reference, with_fee

CONFIRM = Topic[str]("confirm")


@DBOS.workflow()
def pay_in(account: str, money: Money) -> str:
    book(account, money)
    return label(money)


@DBOS.workflow()
def transfer(source: str, target: str, money: Money) -> str:
    number = reference("tr")  # E: dbos-deterministic
    booked = datetime.now(UTC)  # E: dbos-deterministic-log
    current = balance(source)
    if current.amount < money.amount:  # E: type
        return "poor"
    total = with_fee(money, 2)
    book(source, total)
    book(target, total.amount)  # E: type
    code = DBOS.recv(CONFIRM, timeout_seconds=600)
    if code.strip() == "no":  # E: type
        DBOS.logger.info("refused at %s", booked)
    handle = DBOS.start_workflow(pay_in, target, money)
    if handle.get_result() > 3:  # E: type
        DBOS.logger.info(uuid.uuid5(uuid.NAMESPACE_DNS, number))
    ledger.audit(source)
    return f"{number}: {label(total)}"


@DBOS.step()
def notify(account: str) -> None:
    DBOS.start_workflow(pay_in, account, Money(Decimal(1), "EUR"))  # E: dbos-context
    DBOS.send("bank", account)


def main(account: str) -> None:
    money = Money(Decimal("3.50"), "EUR")
    DBOS.start_workflow(transfer, account, "b", money)
    DBOS.start_workflow(transfer, account, money)  # E: type
    DBOS.start_workflow(notify, account)  # E: dbos-workflow
    DBOS.send("wf", "yes", CONFIRM)
    DBOS.send("wf", True, CONFIRM)  # E: type
    found = DBOS.retrieve_workflow("wf", workflow=transfer)
    print(found.get_result().upper())
    print(found.get_result().amount)  # E: type
