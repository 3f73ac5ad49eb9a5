import uuid


def fresh(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4()}"


def stable(prefix: str, key: str) -> str:
    return f"{prefix}-{key}"
