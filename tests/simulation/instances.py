"""Operations of classes whose instances are configured. With coroutines; see tests.behaviour.forms."""

from typing import Any

from sqlalchemy import text

from dbos_typed import DBOS, DBOSConfiguredInstance, EnqueueOptions, Queue, SetWorkflowID
from tests.simulation.operation import Bench, Operation

INSERT = "INSERT INTO payments (workflow_id, amount) VALUES (:id, :amount)"
WAIT_SECONDS = 20


def define(bench: Bench) -> list[Operation]:
    """Register what the operations need; the operations."""

    @DBOS.dbos_class("Till")
    class Till(DBOSConfiguredInstance):
        def __init__(self, name: str, number: int) -> None:
            super().__init__(name)
            self.number = number

        @DBOS.step(name="till_step")
        async def look(self) -> int:
            bench.note("till_step")
            return self.number

        @DBOS.transaction(name="till_pay")
        def pay(self) -> int:
            DBOS.sql_session.execute(text(INSERT), {"id": DBOS.workflow_id, "amount": self.number})
            return self.number

        @DBOS.workflow(name="till_flow")
        async def flow(self, factor: int) -> int:
            return await self.look() * factor + self.pay()

        @classmethod
        @DBOS.workflow(name="till_class_flow")
        async def class_flow(cls, factor: int) -> str:
            return cls.__name__ * factor

    till, other = Till("till", 7), Till("other", 11)
    queue = Queue("tills", polling_interval_sec=30)

    async def call_method(me: str) -> Any:
        with bench.window(), SetWorkflowID(f"{me}-child"):
            return await till.flow(2)

    async def start_method(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-child"):
                handle = await DBOS.start_workflow_async(other.flow, 3)
            return await handle.get_result(WAIT_SECONDS)

    async def enqueue_method(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-child"):
                handle = await queue.enqueue_async(other.flow, 4)
            return await handle.get_result(WAIT_SECONDS)

    async def start_class_method(me: str) -> Any:
        with bench.window():
            with SetWorkflowID(f"{me}-child"):
                handle = await DBOS.start_workflow_async(Till.class_flow, 2)
            return await handle.get_result(WAIT_SECONDS)

    async def enqueue_method_by_name(me: str) -> Any:
        options: EnqueueOptions = {
            "workflow_name": "till_flow",
            "queue_name": "tills",
            "class_name": "Till",
            "config_name": "till",
            "workflow_id": f"{me}-child",
        }
        client = bench.client
        with bench.window():
            handle = await client.enqueue_async(options, 5)
            return await handle.get_result(WAIT_SECONDS)

    return [
        Operation(name="call_method", body=call_method),
        Operation(name="start_method", body=start_method),
        Operation(name="enqueue_method", body=enqueue_method),
        Operation(name="start_class_method", body=start_class_method),
        Operation(name="enqueue_method_by_name", body=enqueue_method_by_name, is_inside=False),
    ]
