from dbos_typed import DBOS

CACHE: dict[str, int] = {}
SEEN: list[str] = []
COUNT = 0
LIMITS = {"a": 1, "b": 2}
NAMES = ("a", "b")


@DBOS.step()
def load(key: str) -> int:
    return len(key)


@DBOS.workflow()
def lookup(key: str) -> int:
    if key in CACHE:  # E: dbos-deterministic
        return load("cached")
    value = load(key)
    CACHE[key] = value  # E: dbos-deterministic
    return value + LIMITS["a"] + len(NAMES)


@DBOS.workflow()
def remember(key: str) -> int:
    global COUNT
    COUNT += 1  # E: dbos-deterministic
    SEEN.append(key)  # E: dbos-deterministic
    seen = [key]
    seen.append("x")
    return len(seen)
