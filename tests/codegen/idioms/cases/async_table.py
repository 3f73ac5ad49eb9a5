"""Coroutine functions stand in a dict."""

# run: await flow("pay", 1)
# run: await flow("refund", 2)

from dbos_typed import DBOS


@DBOS.step()
async def pay(n: int) -> int:
    return n


@DBOS.step()
async def refund(n: int) -> int:
    return -n


@DBOS.step()
async def audit() -> None:
    pass


async def give_back(n: int) -> int:
    # + await audit()
    return await refund(n)


HANDLERS = {"pay": pay, "refund": give_back}


@DBOS.workflow()
async def flow(kind: str, n: int) -> int:
    return await HANDLERS[kind](n)
