"""An object makes calls when an element of it is read, set, sought and counted."""

# run: flow(1)

from dbos_typed import DBOS


@DBOS.step()
def pay(n: int) -> int:
    return n


@DBOS.step()
def refund(n: int) -> int:
    return -n


@DBOS.step()
def audit() -> None:
    pass


class Ledger:
    def __getitem__(self, key: str) -> int:
        # + audit()
        return pay(len(key))

    def __setitem__(self, key: str, amount: int) -> None:
        # + audit()
        refund(amount)

    def __contains__(self, key: object) -> bool:
        # + audit()
        return pay(1) > 0

    def __len__(self) -> int:
        # + audit()
        return refund(-1)


@DBOS.workflow()
def flow(n: int) -> int:
    ledger = Ledger()
    ledger["a"] = n
    return ledger["b"] + ("c" in ledger) + len(ledger)
