from generated.gen_events_constants.workflows import constant_account


def use(workflow_id: str) -> int:
    account = constant_account.retrieve(workflow_id)
    account.send(100, topic="deposit")
    account.send("100", topic="deposit")  # E: type
    account.send(100, topic="withdraw")  # E: type
    owner = account.get_event("owner")
    print(owner.upper() if owner else "")
    print(account.get_event("owners"))  # E: type
    cents: str | None = account.get_event("balance")  # E: type
    print(cents)
    return account.get_event("balance") or 0
