from dbos_typed import DBOS


def publish(percent: int) -> None:
    DBOS.set_event("percent", percent)


def half() -> None:
    publish(50)


def describe(percent: int) -> str:
    return f"{percent}%"
