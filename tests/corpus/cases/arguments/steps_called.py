from dbos_typed import DBOS


@DBOS.step(retries_allowed=True, max_attempts=4)
def charge(card: str, cents: int) -> str:
    return card * cents


@DBOS.transaction(read_only=True)
def balance(account: int) -> int:
    return account


@DBOS.step()
async def notify(user: str, *, urgent: bool = False) -> None:
    DBOS.logger.info("%s %s", user, urgent)


@DBOS.workflow()
def pay(card: str) -> str:
    cents = balance(3)
    charge(cents, card)  # E: type
    balance("3")  # E: type
    return charge(card, cents)


@DBOS.workflow()
async def tell(user: str) -> None:
    await notify(user, urgent=True)
    await notify(user, True)  # E: type
    await notify(user, urgent="very")  # E: type
