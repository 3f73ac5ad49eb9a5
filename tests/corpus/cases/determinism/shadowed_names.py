from dbos_typed import DBOS


class time:
    @staticmethod
    def time() -> float:
        return 0.0


class Random:
    def random(self) -> float:
        return 4.0


def uuid4() -> str:
    return "fixed"


def open_account(name: str) -> str:
    return name


@DBOS.workflow()
def looks_bad(name: str) -> str:
    random = Random()
    return f"{time.time()}{random.random()}{uuid4()}{open_account(name)}"


@DBOS.workflow()
def looks_good(name: str) -> str:
    import random

    return name + str(random.random())  # E: dbos-deterministic
