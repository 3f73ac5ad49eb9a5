"""A workflow in which an operation is made. Written with coroutines; see tests.behaviour.forms."""

from typing import Any

from dbos_typed import DBOS, SetWorkflowID
from tests.simulation.operation import Body, Operation

WAIT_SECONDS = 20


def inside(operation: Operation) -> Body:
    """The operation, made by a workflow whose id is that of the trial."""

    @DBOS.workflow(name=operation.name)
    async def probe(me: str) -> Any:
        return await operation.body(me)

    async def run(me: str) -> Any:
        with SetWorkflowID(me):
            handle = await DBOS.start_workflow_async(probe, me)
        return await handle.get_result(WAIT_SECONDS)

    return run
