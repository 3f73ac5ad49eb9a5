"""Operations that run transactions of the application. With coroutines; see tests.behaviour.forms."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from dbos_typed import DBOS, SetWorkflowID
from tests.simulation.operation import Bench, Operation

INSERT = "INSERT INTO payments (workflow_id, amount) VALUES (:id, :amount)"
OPEN = "INSERT INTO accounts (workflow_id, balance) VALUES (:id, :balance)"
WAIT_SECONDS = 20


class RefusedError(Exception):
    """A transaction that fails."""


def define(bench: Bench) -> list[Operation]:  # noqa: C901, PLR0915  # many small functions
    """Register what the operations need; the operations."""

    @DBOS.transaction(name="pay")
    def pay(me: str, amount: int) -> int:
        DBOS.sql_session.execute(text(INSERT), {"id": me, "amount": amount})
        DBOS.sql_session.execute(text(INSERT), {"id": me, "amount": amount + 1})
        return amount

    @DBOS.transaction(name="pay_once", isolation_level="READ COMMITTED")
    def pay_once(me: str) -> str:
        # Run twice, it fails.
        DBOS.sql_session.execute(text(OPEN), {"id": me, "balance": 1})
        return "opened"

    @DBOS.transaction(name="pay_somehow")
    def pay_somehow(me: str) -> str:
        DBOS.sql_session.execute(text(OPEN), {"id": me, "balance": 2})
        try:
            with DBOS.sql_session.begin_nested():
                DBOS.sql_session.execute(text(OPEN), {"id": me, "balance": 3})
        except IntegrityError:
            DBOS.sql_session.execute(text(INSERT), {"id": me, "amount": 3})
            return "otherwise"
        return "plainly"

    @DBOS.transaction(name="refuse")
    def refuse(me: str) -> None:
        DBOS.sql_session.execute(text(INSERT), {"id": me, "amount": 0})
        raise RefusedError("refused")

    @DBOS.transaction(name="violate")
    def violate(me: str) -> None:
        for balance in (4, 5):
            DBOS.sql_session.execute(text(OPEN), {"id": me, "balance": balance})

    @DBOS.transaction(name="balance", read_only=True)
    def balance(me: str) -> int:
        query = text("SELECT count(*) FROM payments WHERE workflow_id = :id")
        return int(DBOS.sql_session.execute(query, {"id": me}).scalar_one())

    @DBOS.step(name="between")
    async def between() -> int:
        bench.note("between")
        return 1

    @DBOS.workflow(name="payer")
    async def payer() -> int:
        me = str(DBOS.workflow_id)
        first = pay(me, 5)
        await between()
        pay_once(me)
        return first

    async def a_payer(me: str) -> str:
        with SetWorkflowID(f"{me}-other"):
            handle = await DBOS.start_workflow_async(payer)
        await handle.get_result(WAIT_SECONDS)
        return handle.workflow_id

    async def transaction(me: str) -> Any:
        with bench.window():
            return pay(me, 3)

    async def unrepeatable_transaction(me: str) -> Any:
        with bench.window():
            return pay_once(me)

    async def transaction_with_savepoint(me: str) -> Any:
        with bench.window():
            return pay_somehow(me)

    async def failing_transaction(me: str) -> Any:
        with bench.window():
            try:
                refuse(me)
            except RefusedError as error:
                return str(error)

    async def violating_transaction(me: str) -> Any:
        with bench.window():
            try:
                violate(me)
            except IntegrityError as error:
                return type(error).__name__

    async def read_only_transaction(me: str) -> Any:
        with bench.window():
            return balance(me)

    async def several_transactions(me: str) -> Any:
        with bench.window():
            return [pay(me, 1), pay_once(f"{me}-account"), balance(me)]

    async def paying_child(me: str) -> Any:
        with bench.window(), SetWorkflowID(f"{me}-child"):
            return await payer()

    async def restart_payer(me: str) -> Any:
        other = await a_payer(me)
        with bench.window():
            with SetWorkflowID(f"{me}-copy"):
                handle = await DBOS.restart_workflow_async(other)
            return await handle.get_result(WAIT_SECONDS)

    async def fork_payer(me: str) -> Any:
        other = await a_payer(me)
        with bench.window():
            with SetWorkflowID(f"{me}-copy"):
                handle = await DBOS.fork_workflow_async(other, 2)
            return await handle.get_result(WAIT_SECONDS)

    async def delete_payer(me: str) -> Any:
        other = await a_payer(me)
        with bench.window():
            await DBOS.delete_workflow_async(other)

    return [
        Operation(name="transaction", body=transaction, commits_unrecorded=True, is_repeatable=False),
        Operation(
            name="unrepeatable_transaction",
            body=unrepeatable_transaction,
            commits_unrecorded=True,
            is_repeatable=False,
        ),
        Operation(
            name="transaction_with_savepoint",
            body=transaction_with_savepoint,
            commits_unrecorded=True,
            is_repeatable=False,
        ),
        Operation(name="failing_transaction", body=failing_transaction),
        Operation(name="violating_transaction", body=violating_transaction),
        Operation(name="read_only_transaction", body=read_only_transaction, is_read_only=True),
        Operation(name="several_transactions", body=several_transactions, is_outside=False),
        Operation(name="paying_child", body=paying_child),
        Operation(name="restart_payer", body=restart_payer, is_repeatable=False),
        Operation(name="fork_payer", body=fork_payer, is_repeatable=False),
        Operation(name="delete_payer", body=delete_payer, is_repeatable=False),
    ]
