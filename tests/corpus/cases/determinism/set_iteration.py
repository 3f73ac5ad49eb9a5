from dbos_typed import DBOS


@DBOS.step()
def notify(user: str) -> None:
    DBOS.logger.info(user)


@DBOS.workflow()
def child(user: str) -> str:
    return user


@DBOS.workflow()
def notify_all(users: list[str]) -> int:
    unique = set(users)
    for user in unique:  # E: dbos-deterministic
        notify(user)
    for user in sorted(unique):
        notify(user)
    total = 0
    for user in unique:
        total += len(user)
    for name in {"ann", "bob"}:  # E: dbos-deterministic
        DBOS.start_workflow(child, name)
    for name in dict.fromkeys(users):
        notify(name)
    return total


@DBOS.workflow()
def notify_set(users: set[str]) -> None:
    for user in users:  # E: dbos-deterministic
        notify(user)
    for user in list(users):  # E: dbos-deterministic
        notify(user)
    if "ann" in users:
        notify("ann")
